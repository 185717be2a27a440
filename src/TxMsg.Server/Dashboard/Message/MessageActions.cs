using TxMsg.Contracts;
using TxMsg.Contracts.Messages;
using TxMsg.Server.Dashboard.Parts;

namespace TxMsg.Server.Dashboard.Message;

/// <summary>What a person can do with one message.</summary>
internal static class MessageActions
{
    /// <summary>The buttons above a message without a verdict.</summary>
    public static Html Of(PageRequest request, MessageResource message) => Html.If(
        message.State is MessageStates.Prepared or MessageStates.Parked && request.CanOperate,
        () => Html.Of($"""
            <div class="txmsg-actions">
            {new PageAction(request.Texts["Action_CheckBack"], $"/v1/messages/{message.Id}/check-back") { Question = request.Texts["Action_CheckBackQuestion"] }.Render(request)}
            {new PageAction(request.Texts["Action_Commit"], $"/v1/messages/{message.Id}/commit") { Question = request.Texts["Action_CommitQuestion"], NeedsReason = true, IsDangerous = true }.Render(request)}
            {new PageAction(request.Texts["Action_Rollback"], $"/v1/messages/{message.Id}/rollback") { Question = request.Texts["Action_RollbackQuestion"], NeedsReason = true, IsDangerous = true }.Render(request)}
            </div>
            """));

    /// <summary>The button beside a delivery: sends again what is over, and now what waits for a retry.</summary>
    public static Html Redeliver(PageRequest request, MessageResource message, DeliveryResource delivery) => delivery switch
    {
        { State: DeliveryStates.Pending, Attempts: > 0, NextAttemptAt: { } next } when next > request.Now =>
            Action(request, message, delivery, "retry-now", request.Texts["Action_RetryNow"], request.Texts.Format("Action_RetryNowQuestion", delivery.Subscription)),
        { State: DeliveryStates.Pending or DeliveryStates.Leased } => Html.Empty,
        _ => Action(request, message, delivery, "redeliver", request.Texts["Action_Redeliver"], request.Texts.Format("Action_RedeliverQuestion", delivery.Subscription)),
    };

    private static Html Action(PageRequest request, MessageResource message, DeliveryResource delivery, string call, string label, string question) =>
        new PageAction(label, $"/v1/messages/{message.Id}/{call}") { Question = question, Body = new { delivery.Subscription }, NeedsReason = true }.Render(request);
}
