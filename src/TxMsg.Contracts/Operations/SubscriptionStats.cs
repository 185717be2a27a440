namespace TxMsg.Contracts.Operations;

/// <summary>What waits for a subscription.</summary>
public sealed record SubscriptionStats
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its topic.</summary>
    public required string Topic { get; init; }

    /// <summary><c>active</c> or <c>paused</c>.</summary>
    public required string State { get; init; }

    /// <summary>Deliveries that are not finished: pending and leased.</summary>
    public required long Backlog { get; init; }

    /// <summary>Deliveries that wait for an attempt.</summary>
    public required long Pending { get; init; }

    /// <summary>Deliveries that a node works on.</summary>
    public required long Leased { get; init; }

    /// <summary>Deliveries that wait for a person.</summary>
    public required long DeadLettered { get; init; }

    /// <summary>How long ago the oldest pending delivery could first have been sent, in seconds; none where there is none.</summary>
    public double? OldestPendingAgeSeconds { get; init; }
}
