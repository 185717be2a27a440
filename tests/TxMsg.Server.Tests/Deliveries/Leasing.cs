using TxMsg.Server.Deliveries;

namespace TxMsg.Server.Tests.Deliveries;

/// <summary>Leased deliveries that stand in no store.</summary>
internal static class Leasing
{
    private static long lastId = 1_000_000;

    public static LeasedDelivery New(long subscriptionId = 1) => new()
    {
        Id = Interlocked.Increment(ref lastId), MessageSeq = 1, MessageId = Guid.NewGuid(), ProducerId = 1, SubscriptionId = subscriptionId, Topic = "orders",
        CommittedAt = 0, LeaseToken = 1, LeasedUntil = long.MaxValue,
    };
}
