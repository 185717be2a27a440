using System.Globalization;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Dashboard.Parts;

namespace TxMsg.Server.Dashboard.Undecided;

/// <summary>What can be done about many undecided messages: those that are selected, or all that match. Each is a bulk action.</summary>
internal static class UndecidedActions
{
    private const string Call = "/v1/bulk-actions";
    private static readonly string[] Kinds = [BulkActionKinds.CheckBack, BulkActionKinds.Commit, BulkActionKinds.Rollback];

    /// <summary>The buttons. A verdict for all that match is offered for one producer at a time only: it can never be taken back.</summary>
    public static Html Of(PageRequest request, bool isAny) => Html.If(isAny && request.CanOperate, () => Html.Of($"""
        <div class="txmsg-actions" role="group" aria-label="{request.Texts["Bulk_OfSelected"]}">{Lists.SelectAll(request)}
        {Html.Each(Kinds, kind => Selected(request, kind))}</div>
        <div class="txmsg-actions" role="group" aria-label="{request.Texts["Bulk_OfAll"]}"><span class="txmsg-soft">{request.Texts["Bulk_OfAll"]}:</span>
        {Html.Each(Kinds.Where(kind => kind == BulkActionKinds.CheckBack || request.Value("producer") is not null), kind => All(request, kind))}
        {Html.If(request.Value("producer") is null, () => Html.Of($"""<span class="txmsg-soft">{request.Texts["Undecided_ChooseProducer"]}</span>"""))}</div>
        """));

    private static Html Selected(PageRequest request, string kind) => (Action(request, kind, "Selected") with
    {
        Body = new { Kind = kind },
        Selection = "filter.messageIds",
    }).Render(request);

    private static Html All(PageRequest request, string kind) => (Action(request, kind, "All") with
    {
        Body = new { Kind = kind, Filter = Filter(request) },
        CountCall = Call + "/count",
        // What nobody has counted gets no verdict; to be asked about harms nothing.
        SendsCount = kind != BulkActionKinds.CheckBack,
    }).Render(request);

    private static PageAction Action(PageRequest request, string kind, string which) => new(request.Texts.Named("UndecidedAction", kind + which), Call)
    {
        Question = request.Texts.Named("UndecidedAction", kind + "Question"),
        NeedsReason = true,
        IsDangerous = kind != BulkActionKinds.CheckBack,
        Next = request.Page("/bulk-actions/"),
    };

    // Just what the list is filtered by.
    private static BulkActionFilter Filter(PageRequest request) => new()
    {
        Producer = request.Value("producer"),
        State = request.Value("state"),
        OlderThanSeconds = double.TryParse(request.Value("olderThanSeconds"), CultureInfo.InvariantCulture, out var seconds) ? seconds : null,
    };
}
