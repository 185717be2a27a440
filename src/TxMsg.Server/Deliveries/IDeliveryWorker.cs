namespace TxMsg.Server.Deliveries;

/// <summary>Sends what an outlet holds.</summary>
public interface IDeliveryWorker
{
    /// <summary>For how long a lease lasts.</summary>
    TimeSpan Lease { get; }

    /// <summary>How many deliveries of a subscription may be under way at once.</summary>
    int ConcurrencyOf(long subscriptionId);

    /// <summary>Makes an attempt, or gives the delivery back; never throws.</summary>
    Task WorkAsync(SubscriptionOutlet outlet, LeasedDelivery delivery);
}
