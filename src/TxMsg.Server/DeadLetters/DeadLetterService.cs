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
    /// <summary>Does <paramref name="action"/> to the dead letters of a subscription that are there now; returns how many.</summary>
    public async Task<long> ApplyAsync(Subscription subscription, DeadLetterAction action, IReadOnlyList<Guid>? messageIds, string actor, string? reason, CancellationToken cancellationToken)
    {
        long count = 0;
        if (messageIds is not null)
        {
            foreach (var chunk in messageIds.Chunk(DeadLetterOperation.MaxRows))
                count += await committer.WriteAsync(New(subscription, action, actor, reason, chunk, long.MaxValue));
        }
        else
        {
            count = await ApplyToAllAsync(subscription, action, actor, reason, cancellationToken);
        }

        outlets.Wake();
        alerts.Raise();
        return count;
    }

    /// <summary>A page of dead letters, oldest first.</summary>
    /// <param name="subscription">Whose; null: of all.</param>
    /// <param name="after">The last delivery of the page before.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<DeadLetterList> ListAsync(Subscription? subscription, long after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<DeadLetterRow>(
                subscription is null ? "ListDeadLetters" : "ListDeadLettersOfSubscription",
                new { subscriptionId = subscription?.Id, after, limit = limit + 1 }),
            cancellationToken);
        var page = rows.Take(limit).ToArray();
        return new DeadLetterList
        {
            Items = page.Select(row => row.ToResource(registry.Current)).ToArray(),
            NextCursor = rows.Count > limit ? new MessageCursor(0, page[^1].Id).ToString() : null,
        };
    }

    private async Task<long> ApplyToAllAsync(Subscription subscription, DeadLetterAction action, string actor, string? reason, CancellationToken cancellationToken)
    {
        var newest = await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<long?>("FindNewestDeadLetter", new { subscriptionId = subscription.Id }), cancellationToken);
        long count = 0;
        while (newest is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var done = await committer.WriteAsync(New(subscription, action, actor, reason, null, newest.Value));
            count += done;
            if (done == 0) break;
        }

        return count;
    }

    private DeadLetterOperation New(Subscription subscription, DeadLetterAction action, string actor, string? reason, IReadOnlyList<Guid>? ids, long upTo) =>
        new(subscription.Id, action, time.GetUtcNow()) { Actor = actor, Reason = reason, MessageIds = ids, UpTo = upTo };
}
