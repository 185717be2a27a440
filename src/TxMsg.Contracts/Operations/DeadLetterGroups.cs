namespace TxMsg.Contracts.Operations;

/// <summary>Answer of <c>GET /v1/dead-letters/groups</c>: the newest dead letters of each subscription by what went wrong.</summary>
public sealed record DeadLetterGroups
{
    /// <summary>The groups, largest first; at most 200.</summary>
    public required IReadOnlyList<DeadLetterGroup> Items { get; init; }

    /// <summary>The subscriptions that have dead letters, most first.</summary>
    public required IReadOnlyList<DeadLetterTotal> Subscriptions { get; init; }

    /// <summary>Whether every dead letter was looked at and every group is shown.</summary>
    public required bool IsComplete { get; init; }
}
