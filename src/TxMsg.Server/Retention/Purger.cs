using Microsoft.Extensions.Options;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Retention;

/// <summary>Deletes what is finished and old, in small batches of their own transaction each, so that the hot path never waits for long.</summary>
public sealed class Purger(StoreDatabase database, IOptions<RetentionOptions> options, TimeProvider time)
{
    private const int BatchSize = 100;

    private int running;

    /// <summary>One purge; returns what it removed. Does nothing while another one runs in this process.</summary>
    public async Task<PurgeCounts> RunAsync(CancellationToken cancellationToken)
    {
        var counts = new PurgeCounts();
        if (Interlocked.Exchange(ref running, 1) != 0) return counts;
        try
        {
            counts.OrphansDiscarded = await RepeatAsync(DiscardOrphansAsync, cancellationToken);
            counts.OrphanedLanes = await RepeatAsync(DeleteOrphanedLanesAsync, cancellationToken);
            if (options.Value.DeadLetteredAfter is { } after)
                counts.DeadLettersDiscarded = await RepeatAsync(() => DiscardDeadLettersAsync(Before(after)), cancellationToken);
            counts.RolledBack = await RepeatAsync(() => PurgeRolledBackAsync(Before(options.Value.RolledBackAfter)), cancellationToken);
            counts.Committed = await PurgeCommittedAsync(Before(options.Value.DeliveredAfter), cancellationToken);
            counts.BulkActions = await RepeatAsync(() => DeleteBulkActionsAsync(Before(options.Value.BulkActionsAfter)), cancellationToken);
            return counts;
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    private long Before(TimeSpan after) => (time.GetUtcNow() - after).ToUnixTimeMilliseconds();

    private static async Task<long> RepeatAsync(Func<Task<int>> batch, CancellationToken cancellationToken)
    {
        long total = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var done = await batch();
            total += done;
            if (done < BatchSize) break;
            // Whoever waits for the store goes first.
            await Task.Yield();
        }

        return total;
    }

    private Task<int> DiscardOrphansAsync() =>
        DiscardAsync("FindDeliveriesOfDeletedSubscriptions", new { limit = BatchSize });

    private Task<int> DeleteOrphanedLanesAsync() =>
        database.WriteAsync(connection => connection.ExecuteAsync("DeleteLanesOfDeletedSubscriptions", new { limit = BatchSize }));

    private Task<int> DeleteBulkActionsAsync(long before) =>
        database.WriteAsync(connection => connection.ExecuteAsync("DeleteOldBulkActions", new { before, limit = BatchSize }));

    private Task<int> DiscardDeadLettersAsync(long before) =>
        DiscardAsync("FindExpiredDeadLetters", new { before, limit = BatchSize });

    private Task<int> DiscardAsync(string find, object parameters) =>
        database.WriteAsync(async connection =>
        {
            var ids = await connection.QueryAsync<long>(find, parameters);
            if (ids.Count == 0) return 0;
            var discarded = await connection.ExecuteAsync("DiscardDeliveries", new { ids, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
            await CountAsync(connection, "discarded", discarded);
            return ids.Count;
        });

    private Task<int> PurgeRolledBackAsync(long before) =>
        database.WriteAsync(async connection =>
        {
            var seqs = await connection.QueryAsync<long>("FindPurgeableRolledBackMessages", new { before, limit = BatchSize });
            var (count, gone) = await DeleteMessagesAsync(connection, seqs);
            await CountAsync(connection, "rolledBack", -count);
            await DeleteRestAsync(connection, gone);
            return seqs.Count;
        });

    // Messages that arrived long enough ago, oldest first: one that is kept (a dead letter, an attempt still due) is passed over.
    private async Task<long> PurgeCommittedAsync(long before, CancellationToken cancellationToken)
    {
        long total = 0;
        var (afterTime, afterSeq) = (0L, 0L);
        while (!cancellationToken.IsCancellationRequested)
        {
            var old = await database.ReadAsync(
                connection => connection.QueryAsync<PurgeCandidate>("ListPurgeCandidates", new { afterTime, afterSeq, before, limit = BatchSize }), cancellationToken);
            var purgeable = old.Where(candidate => candidate.IsPurgeable != 0).Select(candidate => candidate.Seq).ToArray();
            if (purgeable.Length > 0) await database.WriteAsync(connection => PurgeCommittedAsync(connection, purgeable), cancellationToken);
            total += purgeable.Length;
            if (old.Count < BatchSize) break;
            (afterTime, afterSeq) = (old[^1].PreparedAt, old[^1].Seq);
        }

        return total;
    }

    private static async Task PurgeCommittedAsync(StoreConnection connection, IReadOnlyList<long> seqs)
    {
        // First the messages: that waits for another node's purge of the same, so that nothing is counted off twice, and for whoever
        // sends one of them again.
        var (count, gone) = await DeleteMessagesAsync(connection, seqs);
        if (gone.Count == 0) return;
        var finished = await connection.QuerySingleAsync<FinishedCounts>("CountFinishedDeliveriesOfMessages", new { seqs = gone });
        await DeleteRestAsync(connection, gone);
        await CountAsync(connection, "committed", -count);
        await CountAsync(connection, "delivered", -finished.Delivered);
        await CountAsync(connection, "discarded", -finished.Discarded);
    }

    // How many this purge deleted, and which are gone, whoever did it.
    private static async Task<(int Count, IReadOnlyList<long> Gone)> DeleteMessagesAsync(StoreConnection connection, IReadOnlyList<long> seqs)
    {
        if (seqs.Count == 0) return (0, seqs);
        var count = await connection.ExecuteAsync("DeleteMessages", new { seqs });
        return (count, count == seqs.Count ? seqs : seqs.Except(await connection.QueryAsync<long>("ListMessagesLeft", new { seqs })).ToArray());
    }

    private static async Task DeleteRestAsync(StoreConnection connection, IReadOnlyList<long> seqs)
    {
        if (seqs.Count == 0) return;
        foreach (var statement in (string[])["DeleteMessageContents", "DeleteAttemptsOfMessages", "DeleteDeliveriesOfMessages", "DeleteCheckBacksOfMessages", "DeleteOperatorActionsOfMessages"])
            await connection.ExecuteAsync(statement, new { seqs });
    }

    private static async Task CountAsync(StoreConnection connection, string name, long delta)
    {
        if (delta != 0) await connection.ExecuteAsync("AddToCounterByName", new { name, delta });
    }

    private sealed class PurgeCandidate
    {
        public long Seq { get; init; }

        public long PreparedAt { get; init; }

        public int IsPurgeable { get; init; }
    }

    private sealed class FinishedCounts
    {
        public long Delivered { get; init; }

        public long Discarded { get; init; }
    }
}
