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

    /// <summary>The same delivery as a later claim finds it.</summary>
    public static LeasedDelivery Again(LeasedDelivery earlier, long leaseToken, long leasedUntil, int attempts = 0) => new()
    {
        Id = earlier.Id, MessageSeq = earlier.MessageSeq, MessageId = earlier.MessageId, ProducerId = earlier.ProducerId, SubscriptionId = earlier.SubscriptionId,
        Topic = earlier.Topic, CommittedAt = earlier.CommittedAt, Attempts = attempts, LeaseToken = leaseToken, LeasedUntil = leasedUntil,
    };
}
