using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Renews a lease; true when this node still held it.</summary>
public sealed class RenewalOperation(LeasedDelivery delivery, long leasedUntil) : WriteOperation<bool>
{
    public LeasedDelivery Delivery { get; } = delivery;

    /// <inheritdoc/>
    public override object Row => Delivery.Id;

    /// <summary>The lease that is renewed.</summary>
    public long LeaseToken { get; } = delivery.LeaseToken;

    public long LeasedUntil { get; } = leasedUntil;
}
