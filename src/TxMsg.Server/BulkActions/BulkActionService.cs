using TxMsg.Contracts.Operations;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.BulkActions;

/// <summary>Bulk actions as people ask for them, look at them and end them.</summary>
public sealed partial class BulkActionService(BulkActionStore store, BulkItemReader reader, BulkActionSweeper sweeper, TimeProvider time, ILogger<BulkActionService> logger)
{
    /// <summary>Asks for one; it is durable when this returns, and begins at once if not too many run. Null: more match than were counted.</summary>
    public async Task<BulkActionRow?> StartAsync(BulkActionPlan plan, string actor, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        // Those whose first check-back has come since they were counted are newer than those that were, unless they have a time of their own.
        var upTo = Math.Min(await reader.FindNewestAsync(plan, cancellationToken), plan.Counted?.UpTo ?? long.MaxValue);
        var total = await reader.CountAsync(plan.Kind, ScopeOf(plan, upTo, now), cancellationToken);
        if (plan.Counted is { IsExact: true } counted && total.Count > counted.Count) return null;
        var id = Guid.CreateVersion7(time.GetUtcNow());
        await store.AddAsync(id, plan, actor, reason, upTo, (total.Count, total.IsExact), now);
        await BeginAsync(id);
        return await store.FindAsync(id, CancellationToken.None);
    }

    /// <summary>How many one would be about.</summary>
    public async Task<BulkActionCount> CountAsync(BulkActionPlan plan, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var upTo = await reader.FindNewestAsync(plan, cancellationToken);
        return await reader.CountAsync(plan.Kind, ScopeOf(plan, upTo, now), cancellationToken);
    }

    /// <summary>One of them, or null.</summary>
    public Task<BulkActionRow?> FindAsync(Guid id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    /// <summary>A page of them, newest first.</summary>
    public async Task<BulkActionList> ListAsync(MessageCursor before, int limit, CancellationToken cancellationToken)
    {
        var (page, nextCursor) = await ListRowsAsync(before, limit, cancellationToken);
        return new BulkActionList { Items = page.Select(row => row.ToListItem()).ToArray(), NextCursor = nextCursor };
    }

    /// <summary>The same with all that is known of each.</summary>
    public async Task<(IReadOnlyList<BulkActionRow> Page, string? NextCursor)> ListRowsAsync(MessageCursor before, int limit, CancellationToken cancellationToken)
    {
        var rows = await store.ListAsync(before.Seq, limit + 1, cancellationToken);
        var page = rows.Take(limit).ToArray();
        return (page, rows.Count > limit ? new MessageCursor(0, page[^1].Seq).ToString() : null);
    }

    /// <summary>Ends one; returns it as it is then. What is under way at that moment is still done, nothing after it.</summary>
    public async Task<BulkActionRow> CancelAsync(BulkActionRow row, string actor, string? reason)
    {
        await store.CancelAsync(row, actor, reason, time.GetUtcNow().ToUnixTimeMilliseconds());
        return (await store.FindAsync(row.ActionId, CancellationToken.None)) ?? row;
    }

    private async Task BeginAsync(Guid id)
    {
        try
        {
            await sweeper.RunAsync(CancellationToken.None);
        }
#pragma warning disable CA1031 // It is asked for, and durable: the caller must not be told otherwise. The next sweep begins it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotBegun(id, exception);
        }
    }

    private static BulkScope ScopeOf(BulkActionPlan plan, long upTo, long now) => new(plan.Filter, plan.SubscriptionId, plan.ProducerId, upTo, now);

    [LoggerMessage(2203, LogLevel.Warning, "Bulk action {Id} could not be begun at once; the next sweep begins it")]
    private partial void LogNotBegun(Guid id, Exception exception);
}
