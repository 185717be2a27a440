using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.DeadLetters;

/// <summary>Has some deliveries that wait for a retry tried again now; the result is how many.</summary>
public sealed class RetryNowOperation(long subscriptionId, DateTimeOffset now) : WriteOperation<int>
{
    /// <summary>Most deliveries of one transaction.</summary>
    public const int MaxRows = 200;

    public long SubscriptionId { get; } = subscriptionId;

    public long Now { get; } = now.ToUnixTimeMilliseconds();

    /// <summary>Which deliveries.</summary>
    public required IReadOnlyList<long> DeliveryIds { get; init; }

    public required string Actor { get; init; }

    public string? Reason { get; init; }
}
