using TxMsg.Contracts.Operations;
using TxMsg.Server.BulkActions;
using TxMsg.Server.Dashboard.DeadLetters;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Dashboard.BulkActions;

/// <summary>One bulk action: how far it is, and what it is about.</summary>
public sealed class BulkActionPage(BulkActionService bulkActions, RegistryCache registry) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var row = Guid.TryParse(request.Part("id"), out var id) ? await bulkActions.FindAsync(id, request.Aborted) : null;
        if (row is null)
            return PageContent.NotFound(request.Texts["Bulk_Title"], request.Texts["Bulk_NotFound"], request.Part("id"));
        return new PageContent(request.Texts["Bulk_Title"], Html.Of($"""
            {Part(row, "bulk-progress", Progress(request, row))}
            {Part(row, "bulk-buttons", Cancel(request, row))}
            {Lists.Facts(About(request, row))}
            <p>{Html.If(row.ActionKind.IsOfDeadLetters(), () => DeadLetters(request, row.ReadFilter()))}
            <a href="{request.JobsPage(JobsPath(row.ActionState))}">{request.Texts["Bulk_Jobs"]}</a> · <a href="{request.Page("/bulk-actions")}">{request.Texts["Bulk_All"]}</a></p>
            """))
        {
            Heading = Html.Of($"""<small>{request.Texts.Named("Kind", row.ActionKind.ToWire())}</small>"""),
        };
    }

    // The button is a part of its own: whoever has it in focus sees the bar go on.
    private static Html Part(BulkActionRow row, string id, Html content) => row.ActionState.IsFinal()
        ? Html.Of($"""<div id="{id}">{content}</div>""")
        : Html.Of($"""<div id="{id}" data-refresh="2">{content}</div>""");

    private static Html Progress(PageRequest request, BulkActionRow row)
    {
        var progress = new BulkProgress(row);
        return Html.Of($"""
            <p>{States.Label(request, row.ActionState.ToWire())} {progress.InNumbers(request)}</p>
            {progress.Bar(request)}
            {Html.If(row.Error is not null, () => Html.Of($"""<p class="txmsg-alert">{Lists.Foreign(row.Error, 1000)}</p>"""))}
            {Html.If(row.ActionState == BulkActionState.Waiting, () => Html.Of($"""<p class="txmsg-soft">{request.Texts["Bulk_Waits"]}</p>"""))}
            <div class="txmsg-cards">
            {Card(request.Texts["Bulk_Done"], "done", row.Done)}
            {Card(request.Texts["Bulk_Skipped"], "skipped", row.Skipped)}
            {Card(request.Texts["Bulk_Failed"], "failed", row.Failed, isBad: true)}
            {Html.If(progress.Gone > 0, () => Card(request.Texts["Bulk_Gone"], "gone", progress.Gone))}
            {Card(request.Texts[row.TotalIsExact != 0 ? "Bulk_Total" : "Bulk_AtLeast"], "total", row.Total)}
            </div>
            {Html.If(row.Skipped > 0, () => Html.Of($"""<p class="txmsg-soft">{request.Texts["Bulk_SkippedHelp"]}</p>"""))}
            {Lists.Facts(Times(request, row, progress))}
            """);
    }

    private static Html Card(string name, string about, long count, bool isBad = false) => Html.Of($"""
        <div class="txmsg-card {(isBad && count > 0 ? "txmsg-card-bad" : "")}" data-card="{about}"><strong>{count:N0}</strong>{name}</div>
        """);

    private static (string Name, Html Value)[] Times(PageRequest request, BulkActionRow row, BulkProgress progress) =>
    [
        (request.Texts["Bulk_Asked"], Moments.AtAndAgo(request, MessageRow.Time(row.CreatedAt))),
        (request.Texts["Bulk_Began"], row.StartedAt is null ? Html.Empty : Moments.AtAndAgo(request, MessageRow.Time(row.StartedAt.Value))),
        (request.Texts["Bulk_Ended"], row.FinishedAt is null ? Html.Empty : Moments.AtAndAgo(request, MessageRow.Time(row.FinishedAt.Value))),
        (request.Texts["Bulk_Took"], row is { StartedAt: { } began, FinishedAt: { } ended } ? Html.Of($"{Moments.Length(request, TimeSpan.FromMilliseconds(Math.Max(0, ended - began)))}") : Html.Empty),
        (request.Texts["Bulk_Expected"], progress.ExpectedEnd(request.Now) is { } end ? Html.Of($"""{Moments.At(end)} <span class="txmsg-soft">{request.Texts.Format("Length_In", Moments.Length(request, end - request.Now))}</span>""") : Html.Empty),
    ];

    private static Html Cancel(PageRequest request, BulkActionRow row) => Html.If(request.CanOperate && !row.ActionState.IsFinal(), () => Html.Of($"""
        <div class="txmsg-actions">
        {new PageAction(request.Texts["Bulk_Cancel"], $"/v1/bulk-actions/{row.ActionId}/cancel") { Question = request.Texts["Bulk_CancelQuestion"], NeedsReason = true, IsDangerous = true }.Render(request)}
        </div>
        """));

    private (string Name, Html Value)[] About(PageRequest request, BulkActionRow row) =>
    [
        (request.Texts["Bulk_Kind"], Html.Of($"{request.Texts.Named("Kind", row.ActionKind.ToWire())}")),
        (request.Texts["Bulk_About"], Lists.Foreign(FilterInWords.Of(request, row.ReadFilter()), 2000)),
        (request.Texts["DeadLetters_Rate"], Html.Of($"{row.PerSecond:N0}")),
        (request.Texts["Bulk_Actor"], new Actors(registry.Current).Of(row.Actor)),
        (request.Texts["Message_Reason"], Lists.Foreign(row.Reason, 1000)),
        (request.Texts["Message_Id"], Html.Of($"""<span class="txmsg-id">{row.ActionId}</span>""")),
    ];

    private static Html DeadLetters(PageRequest request, BulkActionFilter filter) =>
        Html.Of($"""<a href="{DeadLetterGroupsView.Address(request, filter.Subscription, filter.Error, filter.LastStatus)}">{request.Texts["Bulk_DeadLetters"]}</a> ·""");

    private static string JobsPath(BulkActionState state) => state switch
    {
        BulkActionState.Waiting => "/jobs/enqueued",
        BulkActionState.Running => "/jobs/processing",
        BulkActionState.Failed => "/jobs/failed",
        _ => "/jobs/succeeded",
    };
}
