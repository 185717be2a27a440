using TxMsg.Contracts.Operations;
using TxMsg.Server.Audit;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Dashboard.Audit;

/// <summary>Who did what, when and why, newest first.</summary>
public sealed class AuditPage(AuditReader audit, RegistryCache registry) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var errors = new FieldErrors();
        var query = AuditQuery.Parse(Filters.Values(request), errors);
        var found = query is null ? Html.Empty : List(request, query, await audit.ListAsync(query, request.Aborted));
        return new PageContent(request.Texts["Audit_Title"], Html.Of($"{Form(request)}{Filters.Errors(errors)}{found}"));
    }

    // Text, not a choice, where what is asked for may be gone by now: a deleted subscription, somebody whose key was deleted.
    private static Html Form(PageRequest request) => Filters.Form(request, Html.Of($"""
        {Filters.Text(request, "actor", request.Texts["Audit_Actor"], "admin")}
        {Filters.Choice(request, "action", request.Texts["Audit_Action"], AuditActions.All.Select(action => (action, request.Texts.Named("Audit", action))))}
        {Filters.Text(request, "producer", request.Texts["Message_Producer"])}
        {Filters.Text(request, "subscription", request.Texts["Delivery_Subscription"])}
        {Filters.Text(request, "message", request.Texts["Audit_Message"])}
        {Filters.Time(request, "from", request.Texts["Filter_From"])}
        {Filters.Time(request, "to", request.Texts["Filter_To"])}
        """));

    private Html List(PageRequest request, AuditQuery query, AuditEntryList found)
    {
        // A page may be short, even empty, and still not the last: the reader stops after some thousands of rows.
        var searchedTo = found.Items.Count < query.Limit && MessageCursor.TryParse(found.NextCursor ?? "", out var place) ? DateTimeOffset.FromUnixTimeMilliseconds(place.PreparedAt) : (DateTimeOffset?)null;
        return Html.Of($"""
            <div id="found">
            {(found.Items.Count == 0 && searchedTo is not null ? Html.Empty : Table(request, found))}
            {Lists.SearchedTo(request, found.Items.Count == 0, searchedTo, found.NextCursor)}
            {Lists.Pages(request, searchedTo is null ? found.NextCursor : null)}
            </div>
            """);
    }

    private Html Table(PageRequest request, AuditEntryList found)
    {
        var actors = new Actors(registry.Current);
        return Lists.Table(
            request,
            request.Texts["Audit_Title"],
            [request.Texts["Audit_At"], request.Texts["Audit_Actor"], request.Texts["Audit_Action"], request.Texts["Audit_About"], request.Texts["Message_Reason"], request.Texts["Audit_Detail"]],
            found.Items,
            entry => Html.Of($"""
                <tr data-action="{entry.Action}"><td>{Moments.At(entry.At)} <div class="txmsg-soft">{Moments.Ago(request, entry.At)}</div></td>
                <td class="txmsg-actor"><a href="{request.Here(("actor", entry.Actor), ("cursor", null))}" title="{request.Texts["Audit_OnlyActor"]}">{actors.Of(entry.Actor)}</a></td>
                <td>{request.Texts.Named("Audit", entry.Action)}</td><td>{About(request, entry)}</td>
                <td class="txmsg-wide">{Lists.Foreign(entry.Reason, 1000)}</td><td class="txmsg-wide">{Lists.Foreign(entry.Detail, AuditEntry.MaxDetailLength)}</td></tr>
                """));
    }

    private Html About(PageRequest request, AuditEntryResource entry) => Html.Of($"""
        {Part(request, "Audit_Message", entry.MessageId?.ToString(), "/messages/", true)}
        {Part(request, "Message_Producer", entry.Producer, "/producers/", entry.Producer is { } producer && registry.Current.FindProducer(producer) is not null)}
        {Part(request, "Delivery_Subscription", entry.Subscription, "/subscriptions/", entry.Subscription is { } subscription && registry.Current.FindSubscription(subscription) is not null)}
        """);

    // What is deleted has no page.
    private static Html Part(PageRequest request, string label, string? name, string path, bool hasPage) => Html.If(name is not null, () => Html.Of($"""
        <div><span class="txmsg-soft">{request.Texts[label]}:</span> {(hasPage ? Html.Of($"""<a href="{request.Page(path + Uri.EscapeDataString(name!))}">{Lists.Foreign(name)}</a>""") : Lists.Foreign(name))}</div>
        """));
}
