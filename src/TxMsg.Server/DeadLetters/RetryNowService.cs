using TxMsg.Server.Audit;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.DeadLetters;

/// <summary>Has what waits for a retry tried again now: the endpoint is repaired, and the next try may be hours away.</summary>
public sealed class RetryNowService(StoreDatabase database, GroupCommitter committer, RegistryCache registry, OutletDirectory outlets, TimeProvider time)
{
    /// <summary>Whether anything of the subscription has been tried and waits.</summary>
    public async Task<bool> HasAnyAsync(Subscription subscription, CancellationToken cancellationToken) => await FindNewestAsync(subscription, cancellationToken) is not null;

    /// <summary>Does so with everything that has been tried and waits now, and ends the back-off of the endpoint on every node; returns how many.
    /// What was begun is done, whether the caller still listens or not.</summary>
    public async Task<long> RetryAsync(Subscription subscription, string actor, string? reason)
    {
        // First: what is due while the endpoint is left alone would be put off again.
        await TouchAsync(subscription, actor, reason);
        var newest = await FindNewestAsync(subscription, CancellationToken.None) ?? 0;
        long count = 0;
        // A place in the list: what fails again at once would be met again without end.
        for (var ids = await ListAsync(subscription, 0, newest); ids.Count > 0; ids = await ListAsync(subscription, ids[^1], newest))
        {
            count += await committer.WriteAsync(new RetryNowOperation(subscription.Id, time.GetUtcNow()) { DeliveryIds = ids, Actor = actor, Reason = reason });
            outlets.Wake();
        }

        return count;
    }

    private Task TouchAsync(Subscription subscription, string actor, string? reason)
    {
        var at = time.GetUtcNow();
        var now = at.ToUnixTimeMilliseconds();
        return registry.ChangeAsync(async connection =>
        {
            // Or an earlier try of this, whose commit got no answer, has written it.
            var row = await connection.QuerySingleOrDefaultAsync<SubscriptionRow>("FindSubscriptionToChange", new { name = subscription.Name });
            if (row is null || row.UpdatedAt == now) return [];
            await connection.ExecuteAsync("TouchSubscription", new { name = subscription.Name, now });
            var waiting = await connection.QuerySingleAsync<long>("CountRetries", new { subscriptionId = row.Id, now });
            return [new AuditEntry { At = at, Actor = actor, Action = AuditActions.RetryNow, SubscriptionId = row.Id, Reason = reason, Detail = AuditDetail.Of(("waiting", $"{waiting}")) }];
        });
    }

    private Task<long?> FindNewestAsync(Subscription subscription, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<long?>("FindNewestRetry", new { subscriptionId = subscription.Id }), cancellationToken);

    private Task<IReadOnlyList<long>> ListAsync(Subscription subscription, long after, long upTo) => database.ReadAsync(
        connection => connection.QueryAsync<long>("ListRetriesInOrder", new { subscriptionId = subscription.Id, after, upTo, limit = RetryNowOperation.MaxRows }),
        CancellationToken.None);
}
