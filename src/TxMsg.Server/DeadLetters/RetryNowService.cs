using TxMsg.Server.Audit;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.DeadLetters;

/// <summary>Has what waits for a retry tried again now: the endpoint is repaired, and the next try may be hours away.</summary>
public sealed class RetryNowService(StoreDatabase database, GroupCommitter committer, RegistryCache registry, OutletDirectory outlets, TimeProvider time)
{
    /// <summary>Does so with everything that has been tried and waits now, and ends the back-off of the endpoint on every node; returns how many.</summary>
    public async Task<long> RetryAsync(Subscription subscription, string actor, string? reason, CancellationToken cancellationToken)
    {
        // First: what is due while the endpoint is left alone would be put off again.
        await TouchAsync(subscription, actor, reason);
        var newest = await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<long?>("FindNewestRetry", new { subscriptionId = subscription.Id }), cancellationToken) ?? 0;
        long count = 0;
        // A place in the list: what fails again at once would be met again without end.
        for (var ids = await ListAsync(subscription, 0, newest, cancellationToken); ids.Count > 0; ids = await ListAsync(subscription, ids[^1], newest, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            count += await committer.WriteAsync(new RetryNowOperation(subscription.Id, time.GetUtcNow()) { DeliveryIds = ids, Actor = actor, Reason = reason });
            outlets.Wake();
        }

        return count;
    }

    private Task TouchAsync(Subscription subscription, string actor, string? reason)
    {
        var at = time.GetUtcNow();
        var parameters = new { name = subscription.Name, now = at.ToUnixTimeMilliseconds() };
        return registry.ChangeAsync(async connection =>
        {
            // Or an earlier try of this, whose commit got no answer, has written it.
            var row = await connection.QuerySingleOrDefaultAsync<SubscriptionRow>("FindSubscriptionToChange", new { parameters.name });
            if (row is null || row.UpdatedAt == parameters.now) return [];
            await connection.ExecuteAsync("TouchSubscription", parameters);
            return [new AuditEntry { At = at, Actor = actor, Action = AuditActions.RetryNow, SubscriptionId = row.Id, Reason = reason }];
        });
    }

    private Task<IReadOnlyList<long>> ListAsync(Subscription subscription, long after, long upTo, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection => connection.QueryAsync<long>("ListRetriesInOrder", new { subscriptionId = subscription.Id, after, upTo, limit = RetryNowOperation.MaxRows }),
            cancellationToken);
}
