using TxMsg.Contracts;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Dashboard.Overview;

/// <summary>The state of the system at a glance. All tabs that are open share one reading of the store.</summary>
public sealed class OverviewPage(OverviewReader reader) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var overview = await reader.ReadAsync(request.Aborted);
        return new PageContent(request.Texts["Overview_Title"], Html.Of($"""
            <div id="overview" data-refresh="5">
            {OverviewAlerts.Of(request, overview.Alerts)}
            {OverviewCards.Of(request, overview)}
            </div>
            {OverviewCharts.Of(request)}
            <div id="overview-rows" data-refresh="5">
            {Backlog(request, overview.Stats.Subscriptions)}
            {Nodes(request, overview.Nodes)}
            </div>
            """));
    }

    // What waits longest comes first: there somebody is needed.
    private static Html Backlog(PageRequest request, IReadOnlyList<SubscriptionStats> subscriptions) => Html.Of($"""
        <h2>{request.Texts["Overview_Backlog"]}</h2>
        {Lists.Table(
            request,
            request.Texts["Overview_Backlog"],
            [
                request.Texts["Delivery_Subscription"], request.Texts["Message_State"], request.Texts["Message_Topic"], States.Name(request, DeliveryStates.Pending),
                States.Name(request, DeliveryStates.Leased), request.Texts["Menu_DeadLetters"], request.Texts["Overview_OldestPending"],
            ],
            subscriptions.OrderByDescending(row => row.OldestPendingAgeSeconds ?? -1).ThenBy(row => row.Name, StringComparer.Ordinal).ToArray(),
            row => Row(request, row))}
        """);

    private static Html Row(PageRequest request, SubscriptionStats row) => Html.Of($"""
        <tr><td><a href="{request.Page($"/subscriptions/{Uri.EscapeDataString(row.Name)}")}">{row.Name}</a></td><td>{States.Label(request, row.State)}</td>
        <td>{Lists.Foreign(row.Topic, 80)}</td><td class="txmsg-number">{row.Pending:N0}</td><td class="txmsg-number">{row.Leased:N0}</td>
        <td class="txmsg-number">{Lists.Count(request, row.DeadLettered, $"/dead-letters?subscription={Uri.EscapeDataString(row.Name)}")}</td><td class="txmsg-number">{Moments.Length(request, row.OldestPendingAgeSeconds)}</td></tr>
        """);

    private static Html Nodes(PageRequest request, IReadOnlyList<NodeResource> nodes) => Html.Of($"""
        <h2>{request.Texts["Overview_Nodes"]}</h2>
        {Lists.Table(
            request,
            request.Texts["Overview_Nodes"],
            [request.Texts["Node_Name"], request.Texts["Message_State"], request.Texts["Node_Version"], request.Texts["Node_Addresses"], request.Texts["Node_Started"], request.Texts["Node_Heartbeat"]],
            nodes,
            node => Html.Of($"""
                <tr><td>{Lists.Foreign(node.Name, 128)}</td><td>{States.Label(request, node.State)}</td><td>{node.Version}</td><td>{Lists.Foreign(string.Join(' ', node.Addresses ?? []))}</td>
                <td>{Moments.At(node.StartedAt)}</td><td>{Moments.Ago(request, node.HeartbeatAt)}</td></tr>
                """))}
        """);
}
