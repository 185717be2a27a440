using System.Diagnostics.Metrics;
using TxMsg.Contracts;
using TxMsg.Server.Alerts;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Observability;

/// <summary>Shows the last sample, and what this node holds in memory, as gauges.</summary>
public sealed class StatsGauges : IDisposable
{
    private readonly Meter meter = new(CoordinatorMetrics.MeterName);
    private readonly TimeProvider time;
    private volatile StatsSample? sample;

    /// <summary>Makes the gauges; those of the sample show nothing before the first one.</summary>
    public StatsGauges(GroupCommitter committer, OutletDirectory outlets, TimeProvider time)
    {
        this.time = time;
        AddMessages();
        AddSubscriptions();
        meter.CreateObservableGauge("txmsg_write_queue_length", () => committer.QueueLength, description: "Writes that wait for the group committer of this node");
        meter.CreateObservableGauge("txmsg_committer_healthy", () => committer.IsHealthy ? 1 : 0, description: "1 while the group committer of this node runs and the store takes its writes");
        meter.CreateObservableGauge("txmsg_deliveries_held", () => outlets.Held, description: "Deliveries that this node holds in memory");
        meter.CreateObservableGauge("txmsg_stats_age_seconds", () => Of<double>(now => [new((this.time.GetUtcNow() - now.At).TotalSeconds)]), "s", "How old the sample behind the other gauges is");
        ProcessGauges.Add(meter);
    }

    /// <summary>From now on the gauges show this.</summary>
    public void Show(StatsSample newest) => sample = newest;

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private void AddMessages()
    {
        meter.CreateObservableGauge("txmsg_messages", () => Of<long>(now =>
        [
            By(now.Undecided.Prepared, "state", MessageStates.Prepared),
            By(now.Undecided.Parked, "state", MessageStates.Parked),
            By(now.FinishedAs("committed"), "state", MessageStates.Committed),
            By(now.FinishedAs("rolledBack"), "state", MessageStates.RolledBack),
        ]), description: "Messages in the store by state");
        meter.CreateObservableGauge("txmsg_deliveries", () => Of<long>(now =>
        [
            By(now.Subscriptions.Sum(row => row.Counts.Pending), "state", DeliveryStates.Pending),
            By(now.Subscriptions.Sum(row => row.Counts.Leased), "state", DeliveryStates.Leased),
            By(now.Subscriptions.Sum(row => row.Counts.DeadLettered), "state", DeliveryStates.DeadLettered),
            By(now.FinishedAs("delivered"), "state", DeliveryStates.Delivered),
            By(now.FinishedAs("discarded"), "state", DeliveryStates.Discarded),
        ]), description: "Deliveries in the store by state");
        meter.CreateObservableGauge("txmsg_oldest_prepared_age_seconds", () => Of<double>(now => [new(now.OldestPreparedAgeSeconds ?? 0)]), "s", "How long the oldest half message has waited for its verdict");
        meter.CreateObservableGauge("txmsg_oldest_parked_age_seconds", () => Of<double>(now => [new(now.AgeSeconds(now.Undecided.OldestParkedAt) ?? 0)]), "s", "How long the message that was parked first has been so");
        meter.CreateObservableGauge("txmsg_alerts_active", () => Of(now =>
            AlertKinds.All.Select(kind => By(now.Alerts.GetValueOrDefault(kind), "alert", kind))), description: "Active alerts by kind");
    }

    private void AddSubscriptions()
    {
        meter.CreateObservableGauge("txmsg_subscription_backlog", () => EachSubscription<long>(static (_, row) => row.Counts.Pending + row.Counts.Leased), description: "Deliveries that are not finished");
        meter.CreateObservableGauge("txmsg_subscription_dead_letters", () => EachSubscription<long>(static (_, row) => row.Counts.DeadLettered), description: "Deliveries that wait for a person");
        meter.CreateObservableGauge("txmsg_subscription_oldest_pending_age_seconds", () => EachSubscription<double>(static (now, row) => now.AgeSeconds(row.OldestPendingAt) ?? 0), "s", "How long ago the oldest pending delivery could first have been sent");
    }

    private IEnumerable<Measurement<T>> EachSubscription<T>(Func<StatsSample, SubscriptionSample, T> value)
        where T : struct =>
        Of(now => now.Subscriptions.Select(row => By(value(now, row), "subscription", row.Subscription.Name)));

    private IEnumerable<Measurement<T>> Of<T>(Func<StatsSample, IEnumerable<Measurement<T>>> show)
        where T : struct => sample is { } now ? show(now) : [];

    private static Measurement<T> By<T>(T value, string label, string name)
        where T : struct => new(value, new KeyValuePair<string, object?>(label, name));
}
