using System.Globalization;
using TxMsg.Server.BulkActions;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Dashboard.BulkActions;

/// <summary>All bulk actions, newest first, and how far each is.</summary>
public sealed class BulkActionsPage(BulkActionService bulkActions, RegistryCache registry) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var errors = new FieldErrors();
        var cursor = MessageCursor.Start;
        if (request.Value("cursor") is { } place && !MessageCursor.TryParse(place, out cursor)) errors.Add("cursor", "This is not a cursor of this list.");
        var table = errors.IsEmpty ? await TableAsync(request, cursor) : Html.Empty;
        return new PageContent(request.Texts["Menu_BulkActions"], Html.Of($"""
            {Filters.Errors(errors)}
            {table}
            <p><a href="{request.JobsPage("/jobs/processing")}">{request.Texts["Bulk_Jobs"]}</a></p>
            """));
    }

    private async Task<Html> TableAsync(PageRequest request, MessageCursor cursor)
    {
        var (page, nextCursor) = await bulkActions.ListRowsAsync(cursor, request.Number("limit", 1, 100, 25), request.Aborted);
        var actors = new Actors(registry.Current);
        return Html.Of($"""
            <div id="bulk-actions" data-refresh="2">
            {Lists.Table(
                request,
                request.Texts["Menu_BulkActions"],
                [
                    request.Texts["Bulk_Asked"], request.Texts["Bulk_Kind"], request.Texts["Message_State"], request.Texts["Bulk_Progress"],
                    request.Texts["Bulk_About"], request.Texts["Bulk_Actor"], request.Texts["Message_Reason"],
                ],
                page,
                row => Row(request, row, actors))}
            {Lists.Pages(request, nextCursor)}
            </div>
            """);
    }

    private static Html Row(PageRequest request, BulkActionRow row, Actors actors)
    {
        var progress = new BulkProgress(row);
        return Html.Of($"""
            <tr data-bulk-action="{row.ActionId.ToString("D", CultureInfo.InvariantCulture)}"><td><a href="{request.Page($"/bulk-actions/{row.ActionId}")}">{Moments.At(MessageRow.Time(row.CreatedAt))}</a> <span class="txmsg-soft">{Moments.Ago(request, MessageRow.Time(row.CreatedAt))}</span></td>
            <td>{request.Texts.Named("Kind", row.ActionKind.ToWire())}</td><td>{States.Label(request, row.ActionState.ToWire())}</td>
            <td class="txmsg-bar">{progress.Bar(request)} {progress.InNumbers(request)}</td><td>{Lists.Foreign(FilterInWords.Of(request, row.ReadFilter()))}</td>
            <td>{actors.Of(row.Actor)}</td><td>{Lists.Foreign(row.Reason)}</td></tr>
            """);
    }
}
