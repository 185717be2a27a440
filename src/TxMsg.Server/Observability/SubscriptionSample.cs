using TxMsg.Server.Registry;
using TxMsg.Server.Subscriptions;

namespace TxMsg.Server.Observability;

/// <summary>What waits for a subscription.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Counts">How many deliveries are pending, leased, dead letters.</param>
/// <param name="OldestPendingAt">When the oldest pending delivery could first have been sent, in Unix milliseconds.</param>
public sealed record SubscriptionSample(Subscription Subscription, BacklogCounts Counts, long? OldestPendingAt);
