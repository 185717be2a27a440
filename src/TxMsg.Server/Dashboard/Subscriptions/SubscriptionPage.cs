using TxMsg.Contracts.Registration;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Registry;
using TxMsg.Server.Subscriptions;

namespace TxMsg.Server.Dashboard.Subscriptions;

/// <summary>One subscription: its settings, how its endpoint answers, and what can be done with it.</summary>
public sealed class SubscriptionPage(SubscriptionAdministration administration, RegistryCache registry, HealthReader health, RetryNowService retries) : DashboardPage
{
    /// <inheritdoc/>
    public override async Task<PageContent> RenderAsync(PageRequest request)
    {
        if (registry.Current.FindSubscription(request.Part("name")) is not { } subscription)
            return PageContent.NotFound(request.Texts["Menu_Subscriptions"], request.Texts["Subscription_NotFound"], request.Part("name"));
        var resource = await administration.ToResourceAsync(subscription, request.Aborted);
        var seen = (await health.ReadAsync(request.Aborted)).Of(subscription);
        // What the back-off holds goes with it.
        var mayRetry = subscription.State == SubscriptionState.Active && (await retries.HasAnyAsync(subscription, request.Aborted) || (resource.Pending > 0 && seen.Circuit != "closed"));
        var name = Uri.EscapeDataString(subscription.Name);
        return new PageContent(request.Texts["Subscription_Title"], Html.Of($"""
            <div id="subscription" data-refresh="10">{Actions(request, resource, name, mayRetry)}
            {Lists.Facts([.. Counts(request, resource, name), .. Health.Facts(request, seen), .. Settings(request, resource)])}</div>
            <p><a href="{request.Page($"/messages?topic={Uri.EscapeDataString(resource.Topic)}")}">{request.Texts["Subscription_Messages"]}</a> ·
            <a href="{request.Page($"/audit?subscription={name}")}">{request.Texts["Menu_Audit"]}</a></p>
            """))
        {
            Heading = Html.Of($"<small>{subscription.Name}</small> {States.Label(request, resource.State)}"),
        };
    }

    private static Html Actions(PageRequest request, SubscriptionResource subscription, string name, bool mayRetry) => Html.If(request.CanOperate, () => Html.Of($"""
        <div class="txmsg-actions">
        {(subscription.State == "paused"
            ? new PageAction(request.Texts["Subscription_Resume"], $"/v1/subscriptions/{name}/resume") { Question = request.Texts["Subscription_ResumeQuestion"] }
            : new PageAction(request.Texts["Subscription_Pause"], $"/v1/subscriptions/{name}/pause") { Question = request.Texts["Subscription_PauseQuestion"] }).Render(request)}
        {Html.If(mayRetry, () => new PageAction(request.Texts["Action_RetryNow"], $"/v1/subscriptions/{name}/retry-now") { Question = request.Texts["Subscription_RetryNowQuestion"] }.Render(request))}
        {new PageAction(request.Texts["Subscription_Test"], $"/v1/subscriptions/{name}/test-delivery") { Question = request.Texts["Subscription_TestQuestion"], ShowsAnswer = true }.Render(request)}
        {new PageAction(request.Texts["Action_Rotate"], $"/v1/subscriptions/{name}/rotate-secret") { Question = request.Texts["Action_RotateQuestion"], ShowsAnswer = true, IsDangerous = true }.Render(request)}
        {new PageAction(request.Texts["Subscription_Delete"], $"/v1/subscriptions/{name}") { Method = "DELETE", Question = request.Texts["Subscription_DeleteQuestion"], IsDangerous = true, Next = request.Page("/subscriptions") }.Render(request)}
        </div>
        """));

    private static (string Name, Html Value)[] Counts(PageRequest request, SubscriptionResource subscription, string name) =>
    [
        (States.Name(request, "pending"), Html.Of($"{subscription.Pending:N0}")),
        (States.Name(request, "leased"), Html.Of($"{subscription.Leased:N0}")),
        (request.Texts["Menu_DeadLetters"], Lists.Count(request, subscription.DeadLettered, $"/dead-letters?subscription={name}")),
        (request.Texts["Subscription_PausedReason"], Lists.Foreign(subscription.PausedReason, 1000)),
    ];

    private static (string Name, Html Value)[] Settings(PageRequest request, SubscriptionResource subscription) =>
    [
        (request.Texts["Message_Topic"], Lists.Foreign(subscription.Topic)),
        (request.Texts["Subscription_Endpoint"], Lists.Foreign(subscription.Endpoint, 2000)),
        (request.Texts["Subscription_Tags"], Html.Of($"{(subscription.Tags is { Count: > 0 } tags ? string.Join(", ", tags) : request.Texts["Filter_Any"])}")),
        (request.Texts["Subscription_Ordered"], Html.Of($"{request.Texts[subscription.Ordered ? "Word_Yes" : "Word_No"]}")),
        (request.Texts["Subscription_Concurrency"], Html.Of($"{subscription.MaxConcurrency}")),
        (request.Texts["Subscription_Timeout"], Html.Of($"{Moments.Length(request, subscription.TimeoutSeconds)}")),
        (request.Texts["Subscription_Schedule"], Html.Of($"{string.Join(", ", subscription.RetryScheduleSeconds ?? [])}")),
        (request.Texts["Entry_Created"], Moments.At(subscription.CreatedAt)),
        (request.Texts["Entry_Updated"], Moments.At(subscription.UpdatedAt)),
    ];
}
