using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>What tests do with deliveries: claim and finish them as the dispatcher and its workers do.</summary>
internal static class DeliveryActions
{
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<LeasedDelivery>> ClaimAsync(this Node node, Subscription subscription, TestClock time, int limit = 100)
    {
        var claim = Claiming(subscription, time, limit);
        var count = await node.Committer.WriteAsync(claim);
        var rows = await node.Database.ReadAsync(
            connection => connection.QueryAsync<ClaimedRow>("ListClaimedDeliveries", new { leasedUntil = claim.LeasedUntil, token = claim.Token }));
        rows.Should().HaveCount(count);
        return rows.Select(row => row.ToLeased(claim)).ToArray();
    }

    public static ClaimOperation Claiming(Subscription subscription, TestClock time, int limit) =>
        new(subscription.Id, limit, time.Milliseconds, time.Milliseconds + (long)Lease.TotalMilliseconds, LeaseToken.New());

    public static DeliveryResult Finishing(LeasedDelivery delivery, DeliveryEvent @event, TestClock time, long retryInMs = 10_000, long? nextToken = null) => new(delivery, @event)
    {
        NextToken = nextToken,
        DueAt = time.Milliseconds + retryInMs,
        Attempt = new DeliveryAttempt(
            delivery.Attempts + 1, time.Milliseconds, "http://127.0.0.1:9/deliveries", @event == DeliveryEvent.Acknowledge ? "delivered" : "refused",
            @event == DeliveryEvent.Acknowledge ? 200 : 500, 7, @event == DeliveryEvent.Acknowledge ? null : "the answer was 500"),
    };

    public static Task<bool> FinishAsync(this Node node, LeasedDelivery delivery, DeliveryEvent @event, TestClock time, long retryInMs = 10_000) =>
        node.Committer.WriteAsync(Finishing(delivery, @event, time, retryInMs));

    public static async Task<DeliveryState> StateAsync(this Node node, LeasedDelivery delivery) =>
        (await node.DeliveriesOfAsync(delivery.MessageId)).Single(row => row.Id == delivery.Id).DeliveryState;
}
