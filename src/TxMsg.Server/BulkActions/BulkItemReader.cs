using TxMsg.Contracts.Operations;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.BulkActions;

/// <summary>Finds those that a bulk action is about, in an order that a position can be kept in.</summary>
public sealed class BulkItemReader(StoreDatabase database)
{
    // Rows of one read. Undecided messages are in no order of their own, so each read passes over all of them: fewer, larger reads.
    private const int DeadLettersOfARead = 1_000;
    private const int UndecidedOfARead = 5_000;
    private const int IdsOfARead = 100;

    // Counting ends here: on the index alone, and where rows are looked at.
    private const int CountLimit = 1_000_000;
    private const int LookLimit = 20_000;

    /// <summary>The last delivery or message that is there now.</summary>
    public async Task<long> FindNewestAsync(BulkActionPlan plan, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            connection => plan.Kind.IsOfDeadLetters()
                ? connection.QuerySingleOrDefaultAsync<long?>("FindNewestDeadLetter", new { subscriptionId = plan.SubscriptionId })
                : connection.QuerySingleOrDefaultAsync<long?>("FindNewestMessage"),
            cancellationToken) ?? 0;

    /// <summary>How many it is about, whether that is all, and the last of them.</summary>
    public async Task<BulkActionCount> CountAsync(BulkActionKind kind, BulkScope scope, CancellationToken cancellationToken)
    {
        if (scope.MessageIds is { } ids) return new BulkActionCount { Count = ids.Count, IsExact = true, UpTo = scope.UpTo };
        if (kind.IsOfDeadLetters() && scope.IsEveryDeadLetter)
        {
            var parameters = new { subscriptionId = scope.SubscriptionId, upTo = scope.UpTo, limit = CountLimit + 1 };
            var count = await database.ReadAsync(connection => connection.QuerySingleAsync<long>("CountDeadLettersUpTo", parameters), cancellationToken);
            return new BulkActionCount { Count = Math.Min(count, CountLimit), IsExact = count <= CountLimit, UpTo = scope.UpTo };
        }

        var page = kind.IsOfDeadLetters()
            ? await ReadDeadLettersAsync(scope, 0, LookLimit, cancellationToken)
            : await ReadUndecidedAsync(scope, 0, LookLimit, cancellationToken);
        // Not all have been looked at: then the last is the last that is there.
        var upTo = !page.IsLast ? scope.UpTo : page.Items.Count == 0 ? 0 : page.Items[^1].Position;
        return new BulkActionCount { Count = page.Items.Count, IsExact = page.IsLast, UpTo = upTo };
    }

    /// <summary>The next ones after a position.</summary>
    public Task<BulkPage> ReadAsync(BulkActionKind kind, BulkScope scope, long position, CancellationToken cancellationToken)
    {
        if (scope.MessageIds is not null) return ReadIdsAsync(kind, scope, position, cancellationToken);
        return kind.IsOfDeadLetters()
            ? ReadDeadLettersAsync(scope, position, DeadLettersOfARead, cancellationToken)
            : ReadUndecidedAsync(scope, position, UndecidedOfARead, cancellationToken);
    }

    private async Task<BulkPage> ReadDeadLettersAsync(BulkScope scope, long after, int limit, CancellationToken cancellationToken)
    {
        var parameters = new { subscriptionId = scope.SubscriptionId, after, upTo = scope.UpTo, withError = scope.NeedsError ? 1 : 0, limit };
        var rows = await database.ReadAsync(connection => connection.QueryAsync<DeadLetterInOrder>("ListDeadLettersInOrder", parameters), cancellationToken);
        var items = rows.Where(scope.Takes).Select(row => new BulkItem(row.Id, row.Id, default)).ToArray();
        return new BulkPage(items, rows.Count == 0 ? after : rows[^1].Id, rows.Count < limit);
    }

    private async Task<BulkPage> ReadUndecidedAsync(BulkScope scope, long after, int limit, CancellationToken cancellationToken)
    {
        var parameters = new
        {
            prepared = scope.TakesPrepared ? 1 : 0,
            parked = scope.TakesParked ? 1 : 0,
            producerFrom = scope.ProducerId ?? 0,
            producerTo = scope.ProducerId ?? long.MaxValue,
            preparedBefore = scope.PreparedBefore,
            after,
            upTo = scope.UpTo,
            limit,
        };
        var rows = await database.ReadAsync(connection => connection.QueryAsync<MessageRow>("ListUndecidedInOrder", parameters), cancellationToken);
        var items = rows.Where(scope.Takes).Select(row => new BulkItem(row.Seq, 0, row.MessageId)).ToArray();
        return new BulkPage(items, rows.Count == 0 ? after : rows[^1].Seq, rows.Count < limit);
    }

    // The position is the place in the list. An id that is no dead letter stays an item: it is counted as skipped.
    private async Task<BulkPage> ReadIdsAsync(BulkActionKind kind, BulkScope scope, long position, CancellationToken cancellationToken)
    {
        var ids = scope.MessageIds!.Skip((int)position).Take(IdsOfARead).ToArray();
        var deliveries = kind.IsOfDeadLetters() ? await FindDeadLettersAsync(scope, ids, cancellationToken) : [];
        var items = ids.Select((id, place) => new BulkItem(position + place + 1, deliveries.GetValueOrDefault(id), id)).ToArray();
        return new BulkPage(items, position + ids.Length, position + ids.Length >= scope.MessageIds!.Count);
    }

    private Task<Dictionary<Guid, long>> FindDeadLettersAsync(BulkScope scope, Guid[] ids, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                var found = new Dictionary<Guid, long>();
                foreach (var id in ids)
                {
                    var parameters = new { id = id.ToByteArray(bigEndian: true), subscriptionId = scope.SubscriptionId };
                    if (await connection.QuerySingleOrDefaultAsync<DeadLetterInOrder>("FindDeadLetterOfMessage", parameters) is { } row) found[id] = row.Id;
                }

                return found;
            },
            cancellationToken);
}
