using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Access;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Http;
using TxMsg.Server.Nodes.Health;
using TxMsg.Server.OpenApi;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Subscriptions;

/// <summary>The HTTP face of subscriptions.</summary>
public static class SubscriptionEndpoints
{
    private const string Json = "application/problem+json";

    /// <summary>Maps administration of subscriptions.</summary>
    public static void MapSubscriptions(this IEndpointRouteBuilder routes)
    {
        var subscriptions = routes.MapGroup("/v1/subscriptions").WithTags("Subscriptions");
        subscriptions.MapPut("/{name}", PutAsync).WithSummary("Make or change a subscription; its secret is shown when it is created or rotated")
            .Accepts<SubscriptionRequest>("application/json").Produces<SubscriptionResource>(201).Produces<SubscriptionResource>(200).Produces<Problem>(400, Json);
        subscriptions.MapGet("", ListAsync).WithSummary("All subscriptions, what waits for them, and how their endpoints answer").Produces<ItemList<SubscriptionResource>>();
        subscriptions.MapGet("/{name}", FindAsync).WithSummary("A subscription, what waits for it, and how its endpoint answers").Produces<SubscriptionResource>().Produces<Problem>(404, Json);
        subscriptions.MapDelete("/{name}", DeleteAsync).WithSummary("Delete a subscription with all that waits for it")
            .WithQuery("reason", Reasons.QueryDescription).Produces(204).Produces<Problem>(404, Json);
        subscriptions.MapPost("/{name}/pause", PauseAsync).WithSummary("Send nothing until it is resumed; messages go on being kept for it")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<SubscriptionResource>().Produces<Problem>(404, Json);
        subscriptions.MapPost("/{name}/resume", ResumeAsync).WithSummary("Send again")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<SubscriptionResource>().Produces<Problem>(404, Json);
        subscriptions.MapPost("/{name}/rotate-secret", RotateAsync).WithSummary("A new signing secret; the old one signs beside it for a day")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<SecretResource>().Produces<Problem>(404, Json);
        subscriptions.MapPost("/{name}/test-delivery", TestAsync).WithSummary("Send a delivery of no message, marked as a test, and see the answer")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<TestResource>().Produces<Problem>(404, Json);
    }

    private static async Task PutAsync(HttpContext context, string name, SubscriptionRules rules, SubscriptionAdministration subscriptions)
    {
        var request = await RequestBody.ReadAsync(context, WireJson.Default.SubscriptionRequest);
        if (request is null) return;
        var errors = rules.Check(name, request);
        if (!errors.IsEmpty)
        {
            await context.ProblemAsync(Problems.InvalidInput(errors));
            return;
        }

        var (subscription, created) = await subscriptions.PutAsync(name, request, context.Caller().Name);
        if (created) context.Response.Headers.Location = $"/v1/subscriptions/{name}";
        await context.JsonAsync(created ? 201 : 200, subscription, WireJson.Default.SubscriptionResource);
    }

    private static async Task ListAsync(HttpContext context, RegistryCache registry, SubscriptionAdministration subscriptions, HealthReader reader)
    {
        var health = await reader.ReadAsync(context.RequestAborted);
        var items = (await subscriptions.ListAsync(context.RequestAborted))
            .Select(item => registry.Current.FindSubscription(item.Name) is { } subscription ? item with { Health = health.Of(subscription) } : item).ToArray();
        await context.JsonAsync(200, new ItemList<SubscriptionResource> { Items = items }, WireJson.Default.SubscriptionList);
    }

    private static async Task FindAsync(HttpContext context, string name, RegistryCache registry, SubscriptionAdministration subscriptions, HealthReader reader)
    {
        if (await registry.FindSubscriptionAsync(name, context.RequestAborted) is not { } subscription)
        {
            await context.ProblemAsync(Problems.NotFound("subscription", name));
            return;
        }

        var health = (await reader.ReadAsync(context.RequestAborted)).Of(subscription);
        await context.JsonAsync(200, await subscriptions.ToResourceAsync(subscription, context.RequestAborted) with { Health = health }, WireJson.Default.SubscriptionResource);
    }

    private static async Task TestAsync(HttpContext context, string name, RegistryCache registry, TestDelivery test)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        if (await registry.FindSubscriptionAsync(name, context.RequestAborted) is { } subscription)
            await context.JsonAsync(200, await test.SendAsync(subscription, context.Caller().Name, request.Reason, context.RequestAborted), WireJson.Default.TestResource);
        else
            await context.ProblemAsync(Problems.NotFound("subscription", name));
    }

    private static async Task DeleteAsync(HttpContext context, string name, SubscriptionAdministration subscriptions)
    {
        var (isGood, reason) = await Reasons.OfQueryAsync(context);
        if (!isGood) return;
        if (await subscriptions.DeleteAsync(name, context.Caller().Name, reason)) context.Response.StatusCode = 204;
        else await context.ProblemAsync(Problems.NotFound("subscription", name));
    }

    private static async Task PauseAsync(HttpContext context, string name, SubscriptionPauser pauser, RegistryCache registry, SubscriptionAdministration subscriptions, HealthReader reader)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        await pauser.PauseAsync(name, context.Caller().Name, request.Reason);
        await FindAsync(context, name, registry, subscriptions, reader);
    }

    private static async Task ResumeAsync(HttpContext context, string name, SubscriptionPauser pauser, RegistryCache registry, SubscriptionAdministration subscriptions, HealthReader reader)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        await pauser.ResumeAsync(name, context.Caller().Name, request.Reason);
        await FindAsync(context, name, registry, subscriptions, reader);
    }

    private static async Task RotateAsync(HttpContext context, string name, SubscriptionAdministration subscriptions)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        var secret = await subscriptions.RotateSecretAsync(name, context.Caller().Name, request.Reason);
        if (secret is null) await context.ProblemAsync(Problems.NotFound("subscription", name));
        else await context.JsonAsync(200, new SecretResource { Secret = secret }, WireJson.Default.SecretResource);
    }
}
