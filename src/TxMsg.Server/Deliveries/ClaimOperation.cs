using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Leases due deliveries of a subscription to this node; the result is how many.</summary>
public sealed class ClaimOperation(long subscriptionId, int limit, long now, long leasedUntil, long token) : WriteOperation<int>
{
    public long SubscriptionId { get; } = subscriptionId;

    public int Limit { get; } = limit;

    public long Now { get; } = now;

    public long LeasedUntil { get; } = leasedUntil;

    public long Token { get; } = token;
}
