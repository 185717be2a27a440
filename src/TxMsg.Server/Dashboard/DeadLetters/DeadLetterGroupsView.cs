using TxMsg.Contracts.Operations;
using TxMsg.Server.Dashboard.Parts;

namespace TxMsg.Server.Dashboard.DeadLetters;

/// <summary>Dead letters put together: how many of each subscription, and what went wrong.</summary>
internal static class DeadLetterGroupsView
{
    /// <summary>Of all subscriptions.</summary>
    public static Html OfAll(PageRequest request, DeadLetterGroups groups) => Html.Of($"""
        <div id="dead-letter-groups" data-refresh="10">
        {Html.If(groups.Subscriptions.Count == 0, () => Html.Of($"""<p class="txmsg-well">{request.Texts["DeadLetters_None"]}</p>"""))}
        {Html.If(groups.Subscriptions.Count > 0, () => Html.Of($"""
            <h2>{request.Texts["DeadLetters_BySubscription"]}</h2>
            {Totals(request, groups.Subscriptions)}
            <h2>{request.Texts["DeadLetters_ByError"]}</h2>
            {Incomplete(request, groups)}
            {Groups(request, groups.Items)}
            """))}
        </div>
        """);

    /// <summary>Of one subscription, above its list; nothing if all failed alike.</summary>
    public static Html OfOne(PageRequest request, DeadLetterGroups groups) => Html.If(groups.Items.Count > 1, () => Html.Of($"""
        <div id="dead-letter-groups" data-refresh="10">
        <h2>{request.Texts["DeadLetters_ByError"]}</h2>
        {Incomplete(request, groups)}
        {Groups(request, groups.Items)}
        </div>
        """));

    /// <summary>The address of a list.</summary>
    public static string Address(PageRequest request, string? subscription, string? error = null, int? status = null)
    {
        var values = new (string Name, string? Value)[] { ("subscription", subscription), ("error", error), ("status", status is { } number ? FormattableString.Invariant($"{number}") : null) };
        return request.Page("/dead-letters?" + string.Join('&', values.Where(value => value.Value is not null).Select(value => $"{value.Name}={Uri.EscapeDataString(value.Value!)}")));
    }

    private static Html Totals(PageRequest request, IReadOnlyList<DeadLetterTotal> totals) => Lists.Table(
        request,
        request.Texts["DeadLetters_BySubscription"],
        [request.Texts["Delivery_Subscription"], request.Texts["Menu_DeadLetters"], request.Texts["DeadLetters_Examined"]],
        totals,
        total => Html.Of($"""
            <tr><td><a href="{request.Page($"/subscriptions/{Uri.EscapeDataString(total.Subscription)}")}">{total.Subscription}</a></td>
            <td class="txmsg-number"><a href="{Address(request, total.Subscription)}" data-total="{total.Subscription}">{total.Count:N0}</a></td><td class="txmsg-number">{total.Grouped:N0}</td></tr>
            """));

    private static Html Groups(PageRequest request, IReadOnlyList<DeadLetterGroup> groups) => Lists.Table(
        request,
        request.Texts["DeadLetters_ByError"],
        [
            request.Texts["DeadLetters_Count"], request.Texts["Delivery_Subscription"], request.Texts["Event_Status"], request.Texts["Event_Error"],
            request.Texts["DeadLetters_Oldest"], request.Texts["DeadLetters_Newest"], request.Texts["DeadLetters_Example"],
        ],
        groups,
        group => Html.Of($"""
            <tr data-group="{group.Error}"><td class="txmsg-number"><a href="{Address(request, group.Subscription, group.Error, group.LastStatus)}">{group.Count:N0}</a></td>
            <td>{group.Subscription}</td><td class="txmsg-number">{group.LastStatus}</td>
            <td class="txmsg-error"><a href="{Address(request, group.Subscription, group.Error, group.LastStatus)}">{Lists.Foreign(group.Error)}</a></td>
            <td>{Moments.AtAndAgo(request, group.OldestAt)}</td><td>{Moments.AtAndAgo(request, group.NewestAt)}</td>
            <td class="txmsg-id"><a href="{request.Page($"/messages/{group.ExampleMessageId}")}">{group.ExampleMessageId}</a></td></tr>
            """));

    private static Html Incomplete(PageRequest request, DeadLetterGroups groups) =>
        Html.If(!groups.IsComplete, () => Html.Of($"""<p class="txmsg-soft" data-incomplete>{request.Texts["DeadLetters_Incomplete"]}</p>"""));
}
