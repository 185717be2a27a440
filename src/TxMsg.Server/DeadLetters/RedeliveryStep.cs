using TxMsg.Server.Audit;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.DeadLetters;

/// <summary>Sends single messages again: what is over anew, or what waits for a retry now. One of an ordering key that is over waits for its
/// turn in the lane like any other.</summary>
public sealed class RedeliveryStep(OrderingLanes lanes) : WriteStep<RedeliveryOperation>
{
    private static readonly BatchColumn[] KeyColumns = [new("subscription_id", BatchColumnType.Int64), new("message_id", BatchColumnType.Binary, 16)];
    private static readonly BatchColumn[] ChangeColumns = [new("id", BatchColumnType.Int64), new("state", BatchColumnType.Int32), new("due_at", BatchColumnType.Int64)];

    private static readonly BatchStatement<RedeliveryOperation> LockMessage = new("LockMessageForRedelivery", "dbo.dead_letter_message_rows", KeyColumns, WriteKey);
    private static readonly BatchStatement<RedeliveryOperation> Find = new("FindDeliveryForRedelivery", "dbo.dead_letter_message_rows", KeyColumns, WriteKey);
    private static readonly BatchStatement<Change> KeepSuccess = new("KeepSuccessfulAttempts", "dbo.redelivery_rows", ChangeColumns, WriteChange);
    private static readonly BatchStatement<Change> Redeliver = new("RedeliverDeliveries", "dbo.redelivery_rows", ChangeColumns, WriteChange);

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<RedeliveryOperation> operations)
    {
        foreach (var operation in operations) operation.Result = Apply(session, operation);
    }

    private Redelivery Apply(WriteSession session, RedeliveryOperation operation)
    {
        session.Execute(LockMessage, [operation]);
        Redelivery met = default;
        Change? change = null;
        string? laneKey = null;
        long messageSeq = 0;
        session.Query(Find, [operation], row =>
        {
            messageSeq = row.Int64(0);
            met = new Redelivery(false, (MessageState)row.Int64(1), row.IsNull(2) ? null : (DeliveryState)row.Int64(3));
            var wanted = operation.IsRetryNow ? DeliveryEvent.RetryNow : DeliveryEvent.Redeliver;
            if (met.Message != MessageState.Committed || met.Delivery is not { } state || DeliveryStateMachine.Next(state, wanted) is null) return;
            laneKey = row.Text(4);
            change = new Change(row.Int64(2), state, laneKey is null ? operation.Now : OrderingLanes.Behind);
        });
        if (change is null) return met;
        if (operation.IsRetryNow) return met with { IsDone = RetryNowStep.MakeDue(session, [change.Id], operation.SubscriptionId, operation.Now, operation.Actor, operation.Reason) == 1 };
        var touched = lanes.Lock(session, laneKey is null ? [] : [(operation.SubscriptionId, laneKey)]);
        session.Execute(KeepSuccess, [change]);
        var isDone = session.Execute(Redeliver, [change]) == 1;
        lanes.Advance(session, touched);
        if (!isDone) return met;
        if (change.State == DeliveryState.Delivered) session.Count("delivered", -1);
        else if (change.State == DeliveryState.Discarded) session.Count("discarded", -1);
        DeliveryAction.Add(session, [new DeliveryAction(operation.Now, operation.Actor, AuditActions.Redeliver, messageSeq, operation.SubscriptionId, operation.Reason)]);
        return met with { IsDone = true };
    }

    private static void WriteKey(RedeliveryOperation row, ColumnWriter write)
    {
        write.Int64(row.SubscriptionId);
        write.Binary(row.MessageId.ToByteArray(bigEndian: true));
    }

    private static void WriteChange(Change row, ColumnWriter write)
    {
        write.Int64(row.Id);
        write.Int32((int)row.State);
        write.Int64(row.DueAt);
    }

    private sealed record Change(long Id, DeliveryState State, long DueAt);
}
