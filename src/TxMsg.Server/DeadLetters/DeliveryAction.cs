using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.DeadLetters;

/// <summary>What an operator did to a delivery: kept in the transaction that does it.</summary>
internal sealed record DeliveryAction(long At, string Actor, string Action, long MessageSeq, long SubscriptionId, string? Reason)
{
    private static readonly BatchStatement<DeliveryAction> AddActions = new(
        "AddOperatorActionsOnDeliveries", "dbo.delivery_action_rows",
        [
            new("at", BatchColumnType.Int64), new("actor", BatchColumnType.Text, 128), new("action", BatchColumnType.Text, 64),
            new("message_seq", BatchColumnType.Int64), new("subscription_id", BatchColumnType.Int64), new("reason", BatchColumnType.Text, 1000),
        ],
        static (row, write) =>
        {
            write.Int64(row.At);
            write.Text(row.Actor);
            write.Text(row.Action);
            write.Int64(row.MessageSeq);
            write.Int64(row.SubscriptionId);
            write.Text(row.Reason);
        });

    /// <summary>Adds what was done.</summary>
    public static void Add(WriteSession session, IReadOnlyList<DeliveryAction> actions) => session.Execute(AddActions, actions);
}
