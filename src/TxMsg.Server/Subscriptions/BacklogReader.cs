using TxMsg.Server.Storage;

namespace TxMsg.Server.Subscriptions;

/// <summary>Counts what waits for each subscription: on the indexes of what is still in play, whatever history there is.</summary>
public static class BacklogReader
{
    /// <summary>The counts by subscription id; zeros for one that nothing waits for.</summary>
    public static Task<Backlogs> ReadAsync(StoreDatabase database, CancellationToken cancellationToken) =>
        database.ReadAsync(async connection =>
        {
            var pending = await connection.QueryAsync<CountRow>("CountPendingBySubscription");
            var leased = await connection.QueryAsync<CountRow>("CountLeasedBySubscription");
            var dead = await connection.QueryAsync<CountRow>("CountDeadLettersBySubscription");
            var counts = new Dictionary<long, BacklogCounts>();
            Add(counts, pending, static (count, rows) => count with { Pending = rows });
            Add(counts, leased, static (count, rows) => count with { Leased = rows });
            Add(counts, dead, static (count, rows) => count with { DeadLettered = rows });
            return new Backlogs(counts);
        }, cancellationToken);

    private static void Add(Dictionary<long, BacklogCounts> counts, IReadOnlyList<CountRow> rows, Func<BacklogCounts, long, BacklogCounts> add)
    {
        foreach (var row in rows) counts[row.SubscriptionId] = add(counts.GetValueOrDefault(row.SubscriptionId) ?? new BacklogCounts(), row.Count);
    }

    /// <summary>Counts by subscription.</summary>
    public sealed class Backlogs(IReadOnlyDictionary<long, BacklogCounts> counts)
    {
        private static readonly BacklogCounts None = new();

        /// <summary>What waits for a subscription.</summary>
        public BacklogCounts this[long subscriptionId] => counts.TryGetValue(subscriptionId, out var found) ? found : None;
    }

    private sealed class CountRow
    {
        public long SubscriptionId { get; init; }

        public long Count { get; init; }
    }
}
