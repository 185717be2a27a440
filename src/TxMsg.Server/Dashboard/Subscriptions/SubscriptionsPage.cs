using TxMsg.Contracts.Registration;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Registry;
using TxMsg.Server.Subscriptions;

namespace TxMsg.Server.Dashboard.Subscriptions;

/// <summary>All subscriptions, what waits for each, and how their endpoints answer.</summary>
public sealed class SubscriptionsPage(SubscriptionAdministration administration, RegistryCache registry, HealthReader health) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        var subscriptions = await administration.ListAsync(request.Aborted);
        var healthOf = await health.ReadAsync(request.Aborted);
        return new PageContent(request.Texts["Menu_Subscriptions"], Html.Of($"""
            <div id="subscriptions" data-refresh="10">
            {Lists.Table(
                request,
                request.Texts["Menu_Subscriptions"],
                [
                    request.Texts["Subscription_Name"], request.Texts["Message_State"], request.Texts["Message_Topic"], request.Texts["Subscription_Endpoint"],
                    request.Texts["Subscription_Backlog"], request.Texts["Menu_DeadLetters"], request.Texts["Health_Title"], request.Texts["Health_LastSuccess"],
                ],
                subscriptions,
                subscription => Row(request, subscription, registry.Current.FindSubscription(subscription.Name) is { } known ? healthOf.Of(known) : null))}
            </div>
            """));
    }

    private static Html Row(PageRequest request, SubscriptionResource subscription, EndpointHealth? seen) => Html.Of($"""
        <tr><td><a href="{request.Page($"/subscriptions/{Uri.EscapeDataString(subscription.Name)}")}">{subscription.Name}</a></td><td>{States.Label(request, subscription.State)}</td>
        <td>{Lists.Foreign(subscription.Topic, 80)}</td><td>{Lists.Foreign(subscription.Endpoint, 120)}</td><td class="txmsg-number">{subscription.Pending + subscription.Leased:N0}</td>
        <td class="txmsg-number">{Lists.Count(request, subscription.DeadLettered, $"/dead-letters?subscription={Uri.EscapeDataString(subscription.Name)}")}</td><td>{Health.Short(request, seen)}</td><td>{Health.Past(request, seen?.LastSuccessAt)}</td></tr>
        """);
}
