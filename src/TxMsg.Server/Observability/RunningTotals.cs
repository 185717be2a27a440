namespace TxMsg.Server.Observability;

/// <summary>What the history of a minute counts.</summary>
public enum Total
{
    /// <summary>Half messages stored.</summary>
    Prepared,

    /// <summary>Messages committed, ordinary ones included.</summary>
    Committed,

    /// <summary>Messages rolled back.</summary>
    RolledBack,

    /// <summary>Attempts that were acknowledged.</summary>
    Delivered,

    /// <summary>Attempts that failed.</summary>
    Failed,

    /// <summary>Deliveries that became dead letters.</summary>
    DeadLettered,
}

/// <summary>Totals since the process began, and how the latencies from commit to delivery spread: one atomic addition for each event, no
/// lock, nothing allocated. Whoever wants to know what happened in a time subtracts.</summary>
public sealed class RunningTotals
{
    /// <summary>How many numbers there are: each <see cref="Total"/>, then each of <see cref="LatencyBuckets"/>.</summary>
    public const int Length = Totals + LatencyBuckets.Count;

    /// <summary>How many of them are totals.</summary>
    public const int Totals = 6;

    // A cache line for each total: processors that count different things don't wait for each other.
    private const int Stride = 8;

    private readonly long[] totals = new long[(Totals + 1) * Stride];
    private readonly long[] latencies = new long[LatencyBuckets.Count];

    /// <summary>One more.</summary>
    public void Count(Total total) => Interlocked.Increment(ref totals[((int)total + 1) * Stride]);

    /// <summary>A delivery took so long.</summary>
    public void CountLatency(long milliseconds) => Interlocked.Increment(ref latencies[LatencyBuckets.Of(milliseconds)]);

    /// <summary>Copies all numbers; each is right, though not all of the same instant.</summary>
    public long[] Read()
    {
        var read = new long[Length];
        for (var i = 0; i < Totals; i++) read[i] = Volatile.Read(ref totals[(i + 1) * Stride]);
        for (var i = 0; i < latencies.Length; i++) read[Totals + i] = Volatile.Read(ref latencies[i]);
        return read;
    }
}
