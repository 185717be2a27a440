namespace TxMsg.Server.Observability.History;

/// <summary>A row of <c>minute_stats</c>: what one node counted in one minute.</summary>
public sealed class MinuteRow
{
    /// <summary>When the minute began, in Unix milliseconds.</summary>
    public long MinuteAt { get; init; }

    public long Prepared { get; init; }

    public long Committed { get; init; }

    public long RolledBack { get; init; }

    public long Delivered { get; init; }

    public long Failed { get; init; }

    public long DeadLettered { get; init; }

    /// <summary>See <see cref="MinuteCounts.FormatLatencies"/>.</summary>
    public string? Latencies { get; init; }

    /// <summary>Which state of the minute it has; only in memory.</summary>
    public int Revision { get; init; }

    /// <summary>The row of a minute.</summary>
    public static MinuteRow Of(long minuteAt, MinuteCounts counts, int revision) => new()
    {
        Revision = revision,
        MinuteAt = minuteAt,
        Prepared = counts[Total.Prepared],
        Committed = counts[Total.Committed],
        RolledBack = counts[Total.RolledBack],
        Delivered = counts[Total.Delivered],
        Failed = counts[Total.Failed],
        DeadLettered = counts[Total.DeadLettered],
        Latencies = counts.FormatLatencies(),
    };

    /// <summary>Adds the row to others.</summary>
    public void AddTo(MinuteCounts counts)
    {
        counts[Total.Prepared] += Prepared;
        counts[Total.Committed] += Committed;
        counts[Total.RolledBack] += RolledBack;
        counts[Total.Delivered] += Delivered;
        counts[Total.Failed] += Failed;
        counts[Total.DeadLettered] += DeadLettered;
        if (Latencies is not null) counts.AddLatencies(Latencies);
    }
}
