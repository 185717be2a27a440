using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Renews a lease; true when this node still held it.</summary>
public sealed class RenewalOperation(LeasedDelivery delivery, long leasedUntil) : WriteOperation<bool>
{
    public LeasedDelivery Delivery { get; } = delivery;

    /// <summary>Not the one of its outcome, which may be blocked by its lane where the lease is not.</summary>
    public override object Row => (typeof(RenewalOperation), Delivery.Id);

    /// <summary>The lease that is renewed.</summary>
    public long LeaseToken { get; } = delivery.LeaseToken;

    public long LeasedUntil { get; } = leasedUntil;
}
