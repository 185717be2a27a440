using TxMsg.Server.Audit;
using TxMsg.Server.BulkActions;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.DeadLetters;

/// <summary>Redelivers and discards. A redelivered one of an ordering key waits for its turn in the lane like any other.</summary>
public sealed class DeadLetterStep(OrderingLanes lanes) : WriteStep<DeadLetterOperation>
{
    private static readonly BatchStatement<(long SubscriptionId, Guid MessageId)> FindByMessage = new(
        "FindDeadLettersByMessage", "dbo.dead_letter_message_rows",
        [new("subscription_id", BatchColumnType.Int64), new("message_id", BatchColumnType.Binary, 16)],
        static (row, write) =>
        {
            write.Int64(row.SubscriptionId);
            write.Binary(row.MessageId.ToByteArray(bigEndian: true));
        });

    private static readonly BatchStatement<(DeadLetterOperation Operation, long Id)> FindById = new(
        "FindDeadLettersById", "dbo.dead_letter_pick_rows",
        [new("id", BatchColumnType.Int64), new("subscription_id", BatchColumnType.Int64), new("dead_before", BatchColumnType.Int64)],
        static (row, write) =>
        {
            write.Int64(row.Id);
            write.Int64(row.Operation.SubscriptionId);
            write.Int64(row.Operation.DeadBefore);
        });

    private static readonly BatchColumn[] ChangeColumns = [new("id", BatchColumnType.Int64), new("now", BatchColumnType.Int64), new("due_at", BatchColumnType.Int64)];
    private static readonly BatchStatement<Found> Redeliver = new("RedeliverDeadLetters", "dbo.dead_letter_rows", ChangeColumns, WriteChange);
    private static readonly BatchStatement<Found> Discard = new("DiscardDeadLetters", "dbo.dead_letter_rows", ChangeColumns, WriteChange);

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<DeadLetterOperation> operations)
    {
        foreach (var operation in operations)
        {
            operation.Result = Apply(session, operation);
            if (operation.BulkActionSeq is { } bulk) BulkActionTally.Add(session, [(bulk, operation.Result)]);
        }
    }

    private int Apply(WriteSession session, DeadLetterOperation operation)
    {
        var found = Find(session, operation);
        if (found.Count == 0) return 0;
        var isRedelivery = operation.Action == DeadLetterAction.Redeliver;
        var touched = lanes.Lock(session, found.Where(row => isRedelivery && row.LaneKey is not null).Select(row => (operation.SubscriptionId, row.LaneKey!)));
        // Another node may have been quicker with some: what it did is not what this operator did.
        var done = new HashSet<long>();
        session.Query(isRedelivery ? Redeliver : Discard, found, row => done.Add(row.Int64(0)));
        lanes.Advance(session, touched);
        if (done.Count == 0) return 0;
        if (!isRedelivery) session.Count("discarded", done.Count);
        var action = isRedelivery ? AuditActions.Redeliver : AuditActions.Discard;
        var rows = found.Where(row => done.Contains(row.Id)).DistinctBy(row => row.Id);
        DeliveryAction.Add(session, rows.Select(row => new DeliveryAction(operation.Now, operation.Actor, action, row.MessageSeq, operation.SubscriptionId, operation.Reason)).ToArray());
        return done.Count;
    }

    private static List<Found> Find(WriteSession session, DeadLetterOperation operation)
    {
        var found = new List<Found>();
        void Note(ResultRow row) => found.Add(new Found(operation, row.Int64(0), row.Int64(1), row.Text(2)));
        if (operation.DeliveryIds is { } ids) session.Query(FindById, ids.Select(id => (operation, id)).ToArray(), Note);
        else session.Query(FindByMessage, operation.MessageIds.Distinct().Select(id => (operation.SubscriptionId, id)).ToArray(), Note);
        return found;
    }

    private static void WriteChange(Found row, ColumnWriter write)
    {
        write.Int64(row.Id);
        write.Int64(row.Operation.Now);
        write.Int64(row.LaneKey is null ? row.Operation.Now : OrderingLanes.Behind);
    }

    private sealed record Found(DeadLetterOperation Operation, long Id, long MessageSeq, string? LaneKey);
}
