using System.Collections.Concurrent;
using TxMsg.Server.Deliveries;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>Sends nothing: keeps what was leased to its node, for the test to finish.</summary>
internal sealed class HoldingWorker : IDeliveryWorker
{
    public TimeSpan Lease => TimeSpan.FromMinutes(1);

    public ConcurrentQueue<LeasedDelivery> Held { get; } = new();

    public int ConcurrencyOf(long subscriptionId) => 1;

    public Task WorkAsync(SubscriptionOutlet outlet, LeasedDelivery delivery)
    {
        Held.Enqueue(delivery);
        return Task.CompletedTask;
    }
}
