namespace TxMsg.Server.Observability;

/// <summary>What is in the store at one time.</summary>
public sealed class StatsSample
{
    /// <summary>When it was read.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Half messages, and since when the oldest of them waits.</summary>
    public required UndecidedCounts Undecided { get; init; }

    /// <summary>Finished rows by the name of their counter.</summary>
    public required IReadOnlyDictionary<string, long> Finished { get; init; }

    /// <summary>What waits for each subscription.</summary>
    public required IReadOnlyList<SubscriptionSample> Subscriptions { get; init; }

    /// <summary>How many alerts are active, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Alerts { get; init; }

    /// <summary>How long the oldest half message has waited.</summary>
    public double? OldestPreparedAgeSeconds => AgeSeconds(Undecided.OldestPreparedAt);

    /// <summary>How many rows have come to an end, of those that are still kept.</summary>
    public long FinishedAs(string counter) => Math.Max(0, Finished.GetValueOrDefault(counter));

    /// <summary>The age of what began at a time, in seconds; clocks of several nodes differ, so never less than zero.</summary>
    public double? AgeSeconds(long? since) => since is { } start ? Math.Max(0, At.ToUnixTimeMilliseconds() - start) / 1000.0 : null;
}
