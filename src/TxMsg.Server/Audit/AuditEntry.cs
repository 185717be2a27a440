using TxMsg.Server.Storage;

namespace TxMsg.Server.Audit;

/// <summary>One thing that was done to a producer, a subscription or a key. What is done to messages leaves its row in the step
/// that does it.</summary>
public sealed record AuditEntry
{
    /// <summary>Longest detail that is kept, in characters.</summary>
    public const int MaxDetailLength = 4000;

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public long? ProducerId { get; init; }

    public long? SubscriptionId { get; init; }

    public string? Reason { get; init; }

    /// <summary>What has no column of its own; never a secret.</summary>
    public string? Detail { get; init; }

    /// <summary>Adds it to the transaction of what it tells of.</summary>
    public Task AddAsync(StoreConnection connection) => connection.ExecuteAsync("AddAuditEntry", new
    {
        at = At.ToUnixTimeMilliseconds(),
        actor = Actor,
        action = Action,
        producerId = ProducerId,
        subscriptionId = SubscriptionId,
        reason = Reason,
        detail = Detail is { Length: > MaxDetailLength } ? Detail[..(MaxDetailLength - 1)] + "…" : Detail,
    });
}
