using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Dashboard.DeadLetters;

/// <summary>Dead letters: by subscription and error, and one by one those that a filter asks for.</summary>
public sealed class DeadLettersPage(DeadLetterService deadLetters, DeadLetterGrouper grouper, RegistryCache registry) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var errors = new FieldErrors();
        var query = DeadLetterQuery.Parse(request.Value, registry.Current, errors);
        var body = query is null ? Html.Empty : await BodyAsync(request, query);
        return new PageContent(request.Texts["Menu_DeadLetters"], Html.Of($"{Form(request)}{Filters.Errors(errors)}{body}"));
    }

    private async Task<Html> BodyAsync(PageRequest request, DeadLetterQuery query)
    {
        if (query.Subscription is null && query.Filter.IsEmpty) return DeadLetterGroupsView.OfAll(request, await grouper.ReadAsync(null, request.Aborted));
        var found = await deadLetters.ListAsync(query.Subscription, query.Filter, query.After, query.Limit, request.Aborted);
        var groups = query.Subscription is not null && query.Filter.IsEmpty ? DeadLetterGroupsView.OfOne(request, await grouper.ReadAsync(query.Subscription, request.Aborted)) : Html.Empty;
        return Html.Of($"{DeadLetterActions.OnAll(request, query)}{groups}{DeadLetterListView.Of(request, query, found)}");
    }

    private Html Form(PageRequest request) => Filters.Form(request, Html.Of($"""
        {Filters.Choice(request, "subscription", request.Texts["Delivery_Subscription"], registry.Current.Subscriptions.Select(subscription => subscription.Name).Order(StringComparer.Ordinal).Select(name => (name, name)))}
        {Filters.Text(request, "error", request.Texts["Event_Error"])}
        {Filters.Text(request, "status", request.Texts["Event_Status"], "503")}
        """));
}
