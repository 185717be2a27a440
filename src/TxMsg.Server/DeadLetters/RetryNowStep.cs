using TxMsg.Server.Audit;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.DeadLetters;

/// <summary>Makes retries due before their time. Their schedules go on where they are.</summary>
public sealed class RetryNowStep : WriteStep<RetryNowOperation>
{
    private static readonly BatchStatement<(long Id, long Now)> MakeRetriesDue = new(
        "MakeRetriesDue", "dbo.dead_letter_rows",
        [new("id", BatchColumnType.Int64), new("now", BatchColumnType.Int64), new("due_at", BatchColumnType.Int64)],
        static (row, write) =>
        {
            write.Int64(row.Id);
            write.Int64(row.Now);
            write.Int64(row.Now);
        });

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<RetryNowOperation> operations)
    {
        foreach (var operation in operations)
            operation.Result = MakeDue(session, operation.DeliveryIds, operation.SubscriptionId, operation.Now, operation.Actor, operation.Reason);
    }

    /// <summary>Makes those due that wait for a retry, and keeps who did it; returns how many.</summary>
    internal static int MakeDue(WriteSession session, IReadOnlyList<long> deliveryIds, long subscriptionId, long now, string actor, string? reason)
    {
        var actions = new List<DeliveryAction>();
        session.Query(MakeRetriesDue, deliveryIds.Select(id => (id, now)).ToArray(), row => actions.Add(new DeliveryAction(now, actor, AuditActions.RetryNow, row.Int64(1), subscriptionId, reason)));
        if (actions.Count > 0) DeliveryAction.Add(session, actions);
        return actions.Count;
    }
}
