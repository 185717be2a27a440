using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.DeadLetters;

/// <summary>Redelivers or discards some dead letters of a subscription; the result is how many.</summary>
public sealed class DeadLetterOperation(long subscriptionId, DeadLetterAction action, DateTimeOffset now) : WriteOperation<int>
{
    /// <summary>Most dead letters of one transaction.</summary>
    public const int MaxRows = 200;

    public long SubscriptionId { get; } = subscriptionId;

    public DeadLetterAction Action { get; } = action;

    public long Now { get; } = now.ToUnixTimeMilliseconds();

    /// <summary>Which messages.</summary>
    public IReadOnlyList<Guid> MessageIds { get; init; } = [];

    /// <summary>Which deliveries, instead of messages.</summary>
    public IReadOnlyList<long>? DeliveryIds { get; init; }

    /// <summary>With <see cref="DeliveryIds"/>: only those that are dead letters since then or longer, in Unix milliseconds. What was
    /// redelivered and has died again is another matter.</summary>
    public long DeadBefore { get; init; } = long.MaxValue;

    /// <summary>The bulk action that it is a part of.</summary>
    public long? BulkActionSeq { get; init; }

    public required string Actor { get; init; }

    public string? Reason { get; init; }
}
