using System.Text.Json;
using TxMsg.Server.Audit;
using TxMsg.Server.Http;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.BulkActions;

/// <summary>The rows of bulk actions: asked for, listed, ended by a person.</summary>
public sealed class BulkActionStore(StoreDatabase database)
{
    /// <summary>Adds one that waits, and who asked for it, in one transaction.</summary>
    public Task AddAsync(Guid id, BulkActionPlan plan, string actor, string reason, long upTo, (long Count, bool IsExact) total, long now) =>
        database.WriteAsync(async connection =>
        {
            // An earlier try of this call, whose commit got no answer.
            if (await connection.QuerySingleOrDefaultAsync<BulkActionRow>("FindBulkAction", new { id = id.ToByteArray(bigEndian: true) }) is not null) return;
            await connection.ExecuteAsync("InsertBulkAction", new
            {
                id = id.ToByteArray(bigEndian: true),
                kind = (int)plan.Kind,
                actor,
                reason,
                filter = JsonSerializer.Serialize(plan.Filter, WireJson.Default.BulkActionFilter),
                subscriptionId = plan.SubscriptionId,
                producerId = plan.ProducerId,
                perSecond = plan.PerSecond,
                upTo,
                total = total.Count,
                totalIsExact = total.IsExact ? 1 : 0,
                now,
            });
            await new AuditEntry
            {
                At = MessageRow.Time(now),
                Actor = actor,
                Action = plan.Kind.ToAction(),
                SubscriptionId = plan.SubscriptionId,
                ProducerId = plan.ProducerId,
                Reason = reason,
                Detail = BulkActionDetail.Of(id, plan.Filter, total),
            }.AddAsync(connection);
        });

    /// <summary>One of them, or null.</summary>
    public Task<BulkActionRow?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<BulkActionRow>("FindBulkAction", new { id = id.ToByteArray(bigEndian: true) }), cancellationToken);

    /// <summary>A page of them, newest first.</summary>
    public Task<IReadOnlyList<BulkActionRow>> ListAsync(long before, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.QueryAsync<BulkActionRow>("ListBulkActions", new { before, limit }), cancellationToken);

    /// <summary>Ends one that has not ended, and keeps who did; false when there is none or it has ended. What was done stays done.</summary>
    public Task<bool> CancelAsync(BulkActionRow row, string actor, string? reason, long now) =>
        database.WriteAsync(async connection =>
        {
            if (await connection.ExecuteAsync("CancelBulkAction", new { id = row.Id, now }) == 0) return false;
            await new AuditEntry
            {
                At = MessageRow.Time(now),
                Actor = actor,
                Action = AuditActions.CancelBulkAction,
                SubscriptionId = row.SubscriptionId,
                ProducerId = row.ProducerId,
                Reason = reason,
                Detail = BulkActionDetail.Of(row.ActionId),
            }.AddAsync(connection);
            return true;
        });
}
