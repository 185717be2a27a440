using TxMsg.Contracts.Operations;
using TxMsg.Server.BulkActions;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.DeadLetters;

namespace TxMsg.Server.Dashboard.DeadLetters;

/// <summary>What a person can do with dead letters: with one at once; with several or many as a bulk action, which can be watched and
/// cancelled and keeps to a rate.</summary>
internal static class DeadLetterActions
{
    private const string Call = "/v1/bulk-actions";
    private const string Selection = "filter.messageIds";
    private const string Rate = "dead-letter-rate";

    /// <summary>The buttons for all that the filter asks for.</summary>
    public static Html OnAll(PageRequest request, DeadLetterQuery query) => Html.If(request.CanOperate, () => query.Subscription is not { } subscription
        ? Html.Of($"""<p class="txmsg-soft">{request.Texts["DeadLetters_OfOneSubscription"]}</p>""")
        : OnAll(request, new BulkActionFilter { Subscription = subscription.Name, Error = query.Error, LastStatus = query.Status }));

    /// <summary>The box for all rows, and the buttons for those that are selected.</summary>
    public static Html OnSelection(PageRequest request, string subscription)
    {
        var filter = new BulkActionFilter { Subscription = subscription };
        var redeliver = Redeliver(request, request.Texts["DeadLetters_RedeliverSelected"], request.Texts["DeadLetters_RedeliverQuestion"], filter) with { Selection = Selection };
        var discard = Discard(request, request.Texts["DeadLetters_DiscardSelected"], request.Texts["DeadLetters_DiscardQuestion"], filter) with { Selection = Selection };
        return Html.Of($"""
            <div class="txmsg-actions">
            {Lists.SelectAll(request)}
            {redeliver.Render(request)}
            {discard.Render(request)}
            </div>
            """);
    }

    /// <summary>The buttons of one.</summary>
    public static Html OnOne(PageRequest request, DeadLetterResource item)
    {
        var body = new { item.Subscription, MessageIds = new[] { item.MessageId } };
        var redeliver = new PageAction(request.Texts["Action_Redeliver"], "/v1/dead-letters/redeliver")
        {
            Question = request.Texts.Format("Action_RedeliverQuestion", item.Subscription), Body = body, NeedsReason = true,
        };
        var discard = new PageAction(request.Texts["DeadLetters_Discard"], "/v1/dead-letters/discard")
        {
            Question = request.Texts.Format("DeadLetters_DiscardOneQuestion", item.Subscription), Body = body, NeedsReason = true, IsDangerous = true,
        };
        return Html.Of($"""<div class="txmsg-row-actions">{redeliver.Render(request)} {discard.Render(request)}</div>""");
    }

    private static Html OnAll(PageRequest request, BulkActionFilter filter)
    {
        var redeliver = Redeliver(request, request.Texts["DeadLetters_RedeliverAll"], request.Texts["DeadLetters_RedeliverQuestion"], filter) with { CountCall = Call + "/count" };
        // What has come since the page was read, nobody has seen: it is not given up with the others.
        var seen = filter with { DeadLetteredBefore = request.Now };
        var discard = Discard(request, request.Texts["DeadLetters_DiscardAll"], request.Texts["DeadLetters_DiscardQuestion"], seen) with { CountCall = Call + "/count" };
        return Html.Of($"""
            <div class="txmsg-actions">
            {redeliver.Render(request)}
            {discard.Render(request)}
            </div>
            <template id="{Rate}"><div class="form-group"><label for="txmsg-per-second">{request.Texts["DeadLetters_Rate"]}</label>
            <input id="txmsg-per-second" type="number" class="form-control" data-field="perSecond" min="1" max="{BulkActionRules.MaxPerSecond}" value="{BulkActionKind.Redeliver.DefaultPerSecond()}" required>
            <span class="help-block">{request.Texts["DeadLetters_RateHelp"]}</span></div></template>
            """);
    }

    private static PageAction Redeliver(PageRequest request, string label, string question, BulkActionFilter filter) =>
        Bulk(request, label, question, BulkActionKinds.Redeliver, filter) with { Fields = Rate };

    private static PageAction Discard(PageRequest request, string label, string question, BulkActionFilter filter) =>
        Bulk(request, label, question, BulkActionKinds.Discard, filter) with { IsDangerous = true };

    private static PageAction Bulk(PageRequest request, string label, string question, string kind, BulkActionFilter filter) => new(label, Call)
    {
        Question = question + "\n" + FilterInWords.Of(request, filter with { DeadLetteredBefore = null }),
        Body = new { kind, filter },
        NeedsReason = true,
        Next = request.Page("/bulk-actions/"),
    };
}
