using TxMsg.Contracts;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Observability;

/// <summary><c>GET /v1/stats</c>.</summary>
internal static class StatsEndpoint
{
    // Whoever has just written sees it: only reads that begin from now on count, though many may share one.
    public static async Task HandleAsync(HttpContext context, StatsCache stats) =>
        await context.JsonAsync(200, ToResource(await stats.GetAsync(fresh: true, context.RequestAborted)), WireJson.Default.StatsResource);

    internal static StatsResource ToResource(StatsSample sample) => new()
    {
        Messages = new Dictionary<string, long>
        {
            [MessageStates.Prepared] = sample.Undecided.Prepared,
            [MessageStates.Parked] = sample.Undecided.Parked,
            [MessageStates.Committed] = sample.FinishedAs("committed"),
            [MessageStates.RolledBack] = sample.FinishedAs("rolledBack"),
        },
        Deliveries = new Dictionary<string, long>
        {
            [DeliveryStates.Pending] = sample.Subscriptions.Sum(row => row.Counts.Pending),
            [DeliveryStates.Leased] = sample.Subscriptions.Sum(row => row.Counts.Leased),
            [DeliveryStates.Delivered] = sample.FinishedAs("delivered"),
            [DeliveryStates.DeadLettered] = sample.Subscriptions.Sum(row => row.Counts.DeadLettered),
            [DeliveryStates.Discarded] = sample.FinishedAs("discarded"),
        },
        OldestPreparedAgeSeconds = sample.OldestPreparedAgeSeconds,
        Subscriptions = sample.Subscriptions.Select(row => ToStats(sample, row)).ToArray(),
    };

    private static SubscriptionStats ToStats(StatsSample sample, SubscriptionSample row) => new()
    {
        Name = row.Subscription.Name,
        Topic = row.Subscription.Topic,
        State = row.Subscription.State == SubscriptionState.Paused ? "paused" : "active",
        Backlog = row.Counts.Pending + row.Counts.Leased,
        Pending = row.Counts.Pending,
        Leased = row.Counts.Leased,
        DeadLettered = row.Counts.DeadLettered,
        OldestPendingAgeSeconds = sample.AgeSeconds(row.OldestPendingAt),
    };
}
