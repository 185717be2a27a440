using TxMsg.Contracts.Operations;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.DeadLetters;

namespace TxMsg.Server.Dashboard.DeadLetters;

/// <summary>Dead letters one by one, oldest first.</summary>
internal static class DeadLetterListView
{
    /// <summary>A page of them, with what can be done to one and to those that are selected.</summary>
    public static Html Of(PageRequest request, DeadLetterQuery query, DeadLetterList found)
    {
        // A bulk action is about one subscription.
        var selects = request.CanOperate && query.Subscription is not null;
        // A search looks at some thousands at a time: a page may be short and still not the last.
        var searchedTo = found.Items.Count < query.Limit ? found.SearchedTo : null;
        return Html.Of($"""
            <h2>{request.Texts["DeadLetters_Each"]}</h2>
            {Html.If(selects && (found.Items.Count > 0 || searchedTo is not null), () => DeadLetterActions.OnSelection(request, query.Subscription!.Name))}
            <div id="found">
            {(found.Items.Count == 0 && searchedTo is not null ? Html.Empty : Lists.Table(
                request,
                request.Texts["Menu_DeadLetters"],
                Columns(request, query, selects),
                found.Items,
                item => Row(request, query, item, selects)))}
            {Lists.SearchedTo(request, found.Items.Count == 0, searchedTo, found.NextCursor, isForward: true)}
            {Lists.Pages(request, searchedTo is null ? found.NextCursor : null, "List_Oldest")}
            </div>
            """);
    }

    private static string[] Columns(PageRequest request, DeadLetterQuery query, bool selects) =>
    [
        .. selects ? [request.Texts["List_Selected"]] : Array.Empty<string>(),
        request.Texts["Message_Title"],
        .. query.Subscription is null ? [request.Texts["Delivery_Subscription"]] : Array.Empty<string>(),
        request.Texts["Message_Topic"], request.Texts["Delivery_Attempts"], request.Texts["Event_Status"], request.Texts["Event_Error"], request.Texts["DeadLetters_Since"],
        .. request.CanOperate ? [request.Texts["List_Actions"]] : Array.Empty<string>(),
    ];

    private static Html Row(PageRequest request, DeadLetterQuery query, DeadLetterResource item, bool selects) => Html.Of($"""
        <tr>{Html.If(selects, () => Html.Of($"""<td>{Lists.Select(request, item.MessageId.ToString())}</td>"""))}
        <td class="txmsg-id"><a href="{request.Page($"/messages/{item.MessageId}")}">{item.MessageId}</a>
        {Html.If(!string.IsNullOrEmpty(item.Key), () => Html.Of($"""<div class="txmsg-key">{request.Texts["Message_Key"]}: {Lists.Foreign(item.Key, 80)}</div>"""))}</td>
        {Html.If(query.Subscription is null, () => Html.Of($"""<td><a href="{DeadLetterGroupsView.Address(request, item.Subscription)}">{item.Subscription}</a></td>"""))}
        <td>{Lists.Foreign(item.Topic, 80)}</td><td class="txmsg-number">{item.Attempts}</td><td class="txmsg-number">{item.LastStatus}</td>
        <td class="txmsg-error">{Lists.Foreign(item.LastError)}</td><td>{Moments.AtAndAgo(request, item.DeadLetteredAt)}</td>
        {Html.If(request.CanOperate, () => Html.Of($"<td>{DeadLetterActions.OnOne(request, item)}</td>"))}</tr>
        """);
}
