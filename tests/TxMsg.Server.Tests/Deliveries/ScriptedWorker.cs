using System.Collections.Concurrent;
using TxMsg.Server.Deliveries;

namespace TxMsg.Server.Tests.Deliveries;

/// <summary>Does with deliveries what a test says, and watches how many are under way.</summary>
internal sealed class ScriptedWorker : IDeliveryWorker
{
    private int under;
    private int most;

    public int Concurrency { get; set; } = 4;

    public TimeSpan Lease => TimeSpan.FromMinutes(1);

    public Func<LeasedDelivery, Task> Do { get; set; } = static _ => Task.CompletedTask;

    public ConcurrentQueue<LeasedDelivery> Done { get; } = new();

    public int Most => Volatile.Read(ref most);

    public int Under => Volatile.Read(ref under);

    public void ForgetMost() => most = 0;

    public int ConcurrencyOf(long subscriptionId) => Concurrency;

    public async Task WorkAsync(SubscriptionOutlet outlet, LeasedDelivery delivery)
    {
        var now = Interlocked.Increment(ref under);
        for (var seen = most; now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = most)
        {
        }

        await Do(delivery);
        Interlocked.Decrement(ref under);
        Done.Enqueue(delivery);
        outlet.Finished(delivery);
    }
}
