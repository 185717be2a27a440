namespace TxMsg.Contracts.Operations;

/// <summary>Answer of <c>GET /v1/stats</c>.</summary>
public sealed record StatsResource
{
    /// <summary>How many messages are in each state, finished ones that have been purged not counted.</summary>
    public required IReadOnlyDictionary<string, long> Messages { get; init; }

    /// <summary>How many deliveries are in each state.</summary>
    public required IReadOnlyDictionary<string, long> Deliveries { get; init; }

    /// <summary>How long the oldest half message has waited for its verdict, in seconds; none where there is none.</summary>
    public double? OldestPreparedAgeSeconds { get; init; }

    /// <summary>What waits for each subscription.</summary>
    public required IReadOnlyList<SubscriptionStats> Subscriptions { get; init; }
}
