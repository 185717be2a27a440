namespace TxMsg.Server.Observability;

/// <summary>A row of <c>ListOldestPendingDeliveries</c>.</summary>
public sealed class OldestPending
{
    public long SubscriptionId { get; init; }

    /// <summary>When the oldest pending delivery could first have been sent, in Unix milliseconds.</summary>
    public long? OldestAt { get; init; }
}
