using TxMsg.Contracts;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Dashboard.Overview;

/// <summary>The state of the system at a glance.</summary>
public sealed class OverviewPage(StatsReader stats) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var sample = await stats.ReadAsync(request.Aborted);
        return new PageContent(request.Texts["Overview_Title"], Html.Of($"""
            <div id="overview" data-refresh="5">{Cards(request, sample)}{Backlog(request, sample)}</div>
            """));
    }

    private static Html Cards(PageRequest request, StatsSample sample) => Html.Of($"""
        <div class="txmsg-cards">
        {Card(request, MessageStates.Prepared, sample.Undecided.Prepared, false)}
        {Card(request, MessageStates.Parked, sample.Undecided.Parked, sample.Undecided.Parked > 0)}
        {Card(request, MessageStates.Committed, sample.FinishedAs("committed"), false)}
        {Card(request, MessageStates.RolledBack, sample.FinishedAs("rolledBack"), false)}
        {Card(request, DeliveryStates.Pending, sample.Subscriptions.Sum(row => row.Counts.Pending + row.Counts.Leased), false)}
        {Card(request, DeliveryStates.Delivered, sample.FinishedAs("delivered"), false)}
        {Card(request, DeliveryStates.DeadLettered, sample.Subscriptions.Sum(row => row.Counts.DeadLettered), sample.Subscriptions.Any(row => row.Counts.DeadLettered > 0))}
        </div>
        <p>{request.Texts["Overview_Oldest"]}: {(sample.OldestPreparedAgeSeconds is { } age ? Moments.Length(request, TimeSpan.FromSeconds(age)) : request.Texts["Overview_None"])}</p>
        """);

    private static Html Card(PageRequest request, string state, long count, bool isBad) => Html.Of($"""
        <div class="txmsg-card {(isBad ? "txmsg-card-bad" : "")}" data-card="{state}"><strong>{count:N0}</strong>{States.Name(request, state)}</div>
        """);

    private static Html Backlog(PageRequest request, StatsSample sample) => Html.Of($"""
        <h2>{request.Texts["Overview_Backlog"]}</h2>
        {Lists.Table(
            request,
            request.Texts["Overview_Backlog"],
            [request.Texts["Delivery_Subscription"], request.Texts["Message_Topic"], States.Name(request, DeliveryStates.Pending), States.Name(request, DeliveryStates.Leased), States.Name(request, DeliveryStates.DeadLettered), request.Texts["Overview_OldestPending"]],
            sample.Subscriptions,
            row => Html.Of($"""
                <tr><td>{Lists.Foreign(row.Subscription.Name)}</td><td>{Lists.Foreign(row.Subscription.Topic, 80)}</td><td class="txmsg-number">{row.Counts.Pending:N0}</td>
                <td class="txmsg-number">{row.Counts.Leased:N0}</td><td class="txmsg-number">{row.Counts.DeadLettered:N0}</td><td class="txmsg-number">{Moments.Length(request, sample.AgeSeconds(row.OldestPendingAt))}</td></tr>
                """))}
        """);
}
