using TxMsg.Contracts.Operations;
using TxMsg.Server.Alerts;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.DeadLetters;

/// <summary>Dead letters: look, redeliver, discard.</summary>
public sealed class DeadLetterService(StoreDatabase database, GroupCommitter committer, RegistryCache registry, OutletDirectory outlets, AlertSignal alerts, TimeProvider time)
{
    // A filter looks at so many for one page, so many at a time.
    private const int SearchLimit = 4_000;
    private const int SearchStep = 500;

    /// <summary>Does <paramref name="action"/> once to each of the dead letters of a subscription that are there now; returns how many.</summary>
    public async Task<long> ApplyAsync(Subscription subscription, DeadLetterAction action, IReadOnlyList<Guid>? messageIds, string actor, string? reason, CancellationToken cancellationToken)
    {
        long count = 0;
        if (messageIds is not null)
        {
            foreach (var chunk in messageIds.Distinct().Chunk(DeadLetterOperation.MaxRows))
                count += await committer.WriteAsync(new DeadLetterOperation(subscription.Id, action, time.GetUtcNow()) { Actor = actor, Reason = reason, MessageIds = chunk });
        }
        else
        {
            count = await ApplyToAllAsync(subscription, action, actor, reason, cancellationToken);
        }

        outlets.Wake();
        alerts.Raise();
        return count;
    }

    /// <summary>A page of dead letters, oldest first. With a filter some thousand of them are looked at: the page may be short, or empty,
    /// and still have a next one.</summary>
    /// <param name="subscription">Whose; null: of all.</param>
    /// <param name="filter">Which.</param>
    /// <param name="after">The last delivery that the page before looked at.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<DeadLetterList> ListAsync(Subscription? subscription, DeadLetterFilter filter, long after, int limit, CancellationToken cancellationToken)
    {
        var (page, next) = await database.ReadAsync(connection => SearchAsync(connection, subscription, filter, after, limit), cancellationToken);
        return new DeadLetterList
        {
            Items = page.Select(row => row.ToResource(registry.Current)).ToArray(),
            SearchedTo = next is null || filter.IsEmpty ? null : MessageRow.Time(next.FinishedAt),
            NextCursor = next is null ? null : new MessageCursor(0, next.Id).ToString(),
        };
    }

    // Only C# can tell which errors are alike: rows are read on until the page is full, the end is reached, or enough has been looked at.
    private static async Task<(List<DeadLetterRow> Page, DeadLetterRow? Next)> SearchAsync(StoreConnection connection, Subscription? subscription, DeadLetterFilter filter, long after, int limit)
    {
        var statement = subscription is null ? "ListDeadLetters" : "ListDeadLettersOfSubscription";
        var step = filter.IsEmpty ? limit + 1 : SearchStep;
        var page = new List<DeadLetterRow>();
        DeadLetterRow? last = null;
        for (var looked = 0; looked < SearchLimit; looked += step)
        {
            var rows = await connection.QueryAsync<DeadLetterRow>(statement, new { subscriptionId = subscription?.Id, after = last?.Id ?? after, limit = step });
            foreach (var row in rows)
            {
                if (page.Count == limit) return (page, last);
                last = row;
                if (filter.Matches(row.LastStatus, row.LastError)) page.Add(row);
            }

            if (rows.Count < step) return (page, null);
        }

        return (page, last);
    }

    // A place in the list, not whatever is left: what is redelivered and rejected again at once would be met again without end.
    private async Task<long> ApplyToAllAsync(Subscription subscription, DeadLetterAction action, string actor, string? reason, CancellationToken cancellationToken)
    {
        var newest = await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<long?>("FindNewestDeadLetter", new { subscriptionId = subscription.Id }), cancellationToken) ?? 0;
        long count = 0;
        var ids = await ListIdsAsync(subscription, 0, newest, cancellationToken);
        while (ids.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            count += await committer.WriteAsync(new DeadLetterOperation(subscription.Id, action, time.GetUtcNow()) { Actor = actor, Reason = reason, DeliveryIds = ids });
            ids = await ListIdsAsync(subscription, ids[^1], newest, cancellationToken);
        }

        return count;
    }

    private Task<long[]> ListIdsAsync(Subscription subscription, long after, long upTo, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                var parameters = new { subscriptionId = subscription.Id, after, upTo, withError = 0, limit = DeadLetterOperation.MaxRows };
                return (await connection.QueryAsync<DeadLetterInOrder>("ListDeadLettersInOrder", parameters)).Select(row => row.Id).ToArray();
            },
            cancellationToken);
}
