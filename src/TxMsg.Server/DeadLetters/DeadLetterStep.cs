using TxMsg.Server.Audit;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.DeadLetters;

/// <summary>Redelivers and discards. A redelivered one of an ordering key waits for its turn in the lane like any other.</summary>
public sealed class DeadLetterStep(OrderingLanes lanes) : WriteStep<DeadLetterOperation>
{
    private static readonly BatchStatement<DeadLetterOperation> FindOldest = new(
        "FindOldestDeadLetters", "dbo.dead_letter_search_rows",
        [new("subscription_id", BatchColumnType.Int64), new("up_to", BatchColumnType.Int64), new("limit", BatchColumnType.Int32)],
        static (row, write) =>
        {
            write.Int64(row.SubscriptionId);
            write.Int64(row.UpTo);
            write.Int32(DeadLetterOperation.MaxRows);
        });

    private static readonly BatchStatement<(long SubscriptionId, Guid MessageId)> FindByMessage = new(
        "FindDeadLettersByMessage", "dbo.dead_letter_message_rows",
        [new("subscription_id", BatchColumnType.Int64), new("message_id", BatchColumnType.Binary, 16)],
        static (row, write) =>
        {
            write.Int64(row.SubscriptionId);
            write.Binary(row.MessageId.ToByteArray(bigEndian: true));
        });

    private static readonly BatchColumn[] ChangeColumns = [new("id", BatchColumnType.Int64), new("now", BatchColumnType.Int64), new("due_at", BatchColumnType.Int64)];
    private static readonly BatchStatement<Found> Redeliver = new("RedeliverDeadLetters", "dbo.dead_letter_rows", ChangeColumns, WriteChange);
    private static readonly BatchStatement<Found> Discard = new("DiscardDeadLetters", "dbo.dead_letter_rows", ChangeColumns, WriteChange);

    private static readonly BatchStatement<Found> AddActions = new(
        "AddOperatorActionsOnDeliveries", "dbo.delivery_action_rows",
        [
            new("at", BatchColumnType.Int64), new("actor", BatchColumnType.Text, 128), new("action", BatchColumnType.Text, 64),
            new("message_seq", BatchColumnType.Int64), new("subscription_id", BatchColumnType.Int64), new("reason", BatchColumnType.Text, 1000),
        ],
        static (row, write) =>
        {
            write.Int64(row.Operation.Now);
            write.Text(row.Operation.Actor);
            write.Text(row.Operation.Action == DeadLetterAction.Redeliver ? AuditActions.Redeliver : AuditActions.Discard);
            write.Int64(row.MessageSeq);
            write.Int64(row.Operation.SubscriptionId);
            write.Text(row.Operation.Reason);
        });

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<DeadLetterOperation> operations)
    {
        foreach (var operation in operations) operation.Result = Apply(session, operation);
    }

    private int Apply(WriteSession session, DeadLetterOperation operation)
    {
        var found = Find(session, operation);
        if (found.Count == 0) return 0;
        session.Execute(AddActions, found);
        if (operation.Action == DeadLetterAction.Discard)
        {
            var discarded = session.Execute(Discard, found);
            session.Count("discarded", discarded);
            return discarded;
        }

        var touched = lanes.Lock(session, found.Where(row => row.LaneKey is not null).Select(row => (operation.SubscriptionId, row.LaneKey!)));
        var redelivered = session.Execute(Redeliver, found);
        lanes.Advance(session, touched);
        return redelivered;
    }

    private static List<Found> Find(WriteSession session, DeadLetterOperation operation)
    {
        var found = new List<Found>();
        void Note(ResultRow row) => found.Add(new Found(operation, row.Int64(0), row.Int64(1), row.Text(2)));
        if (operation.MessageIds is null) session.Query(FindOldest, [operation], Note);
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
