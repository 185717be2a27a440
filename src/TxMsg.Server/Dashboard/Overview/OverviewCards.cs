using TxMsg.Contracts;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Dashboard.Parts;

namespace TxMsg.Server.Dashboard.Overview;

/// <summary>Counts by state, each leading to what it counts.</summary>
internal static class OverviewCards
{
    /// <summary>The cards, and the half message that has waited longest.</summary>
    public static Html Of(PageRequest request, OverviewResource overview)
    {
        var (messages, deliveries) = (overview.Stats.Messages, overview.Stats.Deliveries);
        return Html.Of($"""
            <div class="txmsg-cards">
            {Card(request, MessageStates.Prepared, messages[MessageStates.Prepared], "/undecided")}
            {Card(request, MessageStates.Parked, messages[MessageStates.Parked], "/undecided?state=parked", needsSomebody: true)}
            {Card(request, MessageStates.Committed, messages[MessageStates.Committed], "/messages?state=committed")}
            {Card(request, MessageStates.RolledBack, messages[MessageStates.RolledBack], "/messages?state=rolledBack")}
            {Card(request, DeliveryStates.Pending, deliveries[DeliveryStates.Pending] + deliveries[DeliveryStates.Leased], "/subscriptions")}
            {Card(request, DeliveryStates.Delivered, deliveries[DeliveryStates.Delivered], null)}
            {Card(request, DeliveryStates.DeadLettered, deliveries[DeliveryStates.DeadLettered], "/dead-letters", needsSomebody: true)}
            {Card(request, DeliveryStates.Discarded, deliveries[DeliveryStates.Discarded], null)}
            </div>
            <p>{request.Texts["Overview_Oldest"]}: {Oldest(request, overview.OldestHalfMessage)}</p>
            """);
    }

    private static Html Card(PageRequest request, string state, long count, string? path, bool needsSomebody = false) => Html.Of($"""
        <div class="txmsg-card {(needsSomebody && count > 0 ? "txmsg-card-bad" : "")}" data-card="{state}"><strong>{count:N0}</strong>{Name(request, state, path)}</div>
        """);

    private static Html Name(PageRequest request, string state, string? path) => path is null
        ? Html.Of($"{States.Name(request, state)}")
        : Html.Of($"""<a href="{request.Page(path)}">{States.Name(request, state)}</a>""");

    private static Html Oldest(PageRequest request, HalfMessageResource? message) => message is null
        ? Html.Of($"{request.Texts["Overview_None"]}")
        : Html.Of($"""<a class="txmsg-id" href="{request.Page($"/messages/{message.Id}")}">{message.Id}</a> {Moments.Ago(request, message.PreparedAt)}, {Lists.Foreign(message.Producer, 128)}, {Lists.Foreign(message.Topic, 80)}""");
}
