using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Subscriptions;

namespace TxMsg.Server.Observability;

/// <summary>Reads what is in the store: what is in play from its own small indexes, what is finished from counters.
/// History costs nothing.</summary>
public sealed class StatsReader(StoreDatabase database, RegistryCache registry, TimeProvider time)
{
    /// <summary>Reads now.</summary>
    public async Task<StatsSample> ReadAsync(CancellationToken cancellationToken)
    {
        var snapshot = registry.Current;
        var backlogs = await BacklogReader.ReadAsync(database, cancellationToken);
        return await database.ReadAsync(async connection =>
        {
            var undecided = await connection.QuerySingleAsync<UndecidedCounts>("ReadUndecided");
            var finished = await connection.QueryAsync<NamedCount>("ReadCounters");
            var oldest = await connection.QueryAsync<OldestPending>("ListOldestPendingDeliveries");
            var alerts = await connection.QueryAsync<NamedCount>("CountAlerts");
            var oldestAt = oldest.ToDictionary(row => row.SubscriptionId, row => row.OldestAt);
            return new StatsSample
            {
                At = time.GetUtcNow(),
                Undecided = undecided,
                Finished = finished.ToDictionary(row => row.Name, row => row.Value, StringComparer.Ordinal),
                Subscriptions = snapshot.Subscriptions
                    .Select(subscription => new SubscriptionSample(subscription, backlogs[subscription.Id], oldestAt.GetValueOrDefault(subscription.Id)))
                    .ToArray(),
                Alerts = alerts.ToDictionary(row => row.Name, row => row.Value, StringComparer.Ordinal),
            };
        }, cancellationToken);
    }

    private sealed class NamedCount
    {
        public string Name { get; init; } = "";

        public long Value { get; init; }
    }
}
