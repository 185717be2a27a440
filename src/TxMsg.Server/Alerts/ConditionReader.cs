using Microsoft.Extensions.Options;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Alerts;

/// <summary>Reads what may need a person, from the indexes of what is in play.</summary>
public sealed class ConditionReader(StoreDatabase database, RegistryCache registry, IOptions<AlertOptions> options, TimeProvider time)
{
    /// <summary>Everything that raises an alert now, or that keeps one which is raised.</summary>
    public Task<IReadOnlyList<AlertCondition>> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var snapshot = registry.Current;
        return database.ReadAsync<IReadOnlyList<AlertCondition>>(async connection =>
        {
            var found = new List<AlertCondition>();
            var preparedAfter = options.Value.OldestPreparedAfter;
            // Of what keeps the alert, too: one that holds is about at least one message.
            var before = now - (long)AlertCondition.KeptFrom(preparedAfter).TotalMilliseconds;
            Add(AlertKinds.Parked, await connection.QueryAsync<SubjectCount>("CountParkedByProducer"), null, id => snapshot.FindProducer(id)?.Name);
            Add(AlertKinds.OldestPrepared, await connection.QueryAsync<SubjectCount>("CountOldPreparedByProducer", new { before }), preparedAfter, id => snapshot.FindProducer(id)?.Name);
            Add(AlertKinds.DeadLettered, await connection.QueryAsync<SubjectCount>("CountDeadBySubscription"), null, id => snapshot.FindSubscription(id)?.Name);
            Add(AlertKinds.OldestPending, await ReadPendingAsync(connection), options.Value.OldestPendingAfter, id => snapshot.FindSubscription(id)?.Name);
            return found;

            void Add(string kind, IEnumerable<SubjectCount> rows, TimeSpan? limit, Func<long, string?> nameOf)
            {
                foreach (var row in rows)
                {
                    // A deleted subscription needs nobody: its rows wait for the purge.
                    if (nameOf(row.SubjectId) is not { } subject) continue;
                    var condition = new AlertCondition(kind, subject, row.Count, AgeOf(row.Since, now), limit);
                    if (condition.Keeps) found.Add(condition);
                }
            }
        }, cancellationToken);
    }

    private static async Task<IEnumerable<SubjectCount>> ReadPendingAsync(StoreConnection connection)
    {
        var counts = await connection.QueryAsync<PendingCount>("CountPendingBySubscription");
        var oldest = await connection.QueryAsync<OldestPending>("ListOldestPendingDeliveries");
        var countOf = counts.ToDictionary(row => row.SubscriptionId, row => row.Count);
        return oldest.Where(row => row.OldestAt is not null).Select(row => new SubjectCount
        {
            SubjectId = row.SubscriptionId,
            Count = countOf.GetValueOrDefault(row.SubscriptionId),
            Since = row.OldestAt,
        });
    }

    private static TimeSpan? AgeOf(long? since, long now) => since is { } start ? TimeSpan.FromMilliseconds(Math.Max(0, now - start)) : null;

    private sealed class SubjectCount
    {
        public long SubjectId { get; init; }

        public long Count { get; init; }

        public long? Since { get; init; }
    }

    private sealed class PendingCount
    {
        public long SubscriptionId { get; init; }

        public long Count { get; init; }
    }
}
