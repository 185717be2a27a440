using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
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
        subscriptions.MapGet("", ListAsync).WithSummary("All subscriptions and what waits for them").Produces<ItemList<SubscriptionResource>>();
        subscriptions.MapGet("/{name}", FindAsync).WithSummary("A subscription and what waits for it").Produces<SubscriptionResource>().Produces<Problem>(404, Json);
        subscriptions.MapDelete("/{name}", DeleteAsync).WithSummary("Delete a subscription with all that waits for it")
            .WithQuery("reason", Reasons.QueryDescription).Produces(204).Produces<Problem>(404, Json);
        subscriptions.MapPost("/{name}/pause", PauseAsync).WithSummary("Send nothing until it is resumed; messages go on being kept for it")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<SubscriptionResource>().Produces<Problem>(404, Json);
        subscriptions.MapPost("/{name}/resume", ResumeAsync).WithSummary("Send again")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<SubscriptionResource>().Produces<Problem>(404, Json);
        subscriptions.MapPost("/{name}/rotate-secret", RotateAsync).WithSummary("A new signing secret; the old one signs beside it for a day")
            .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<SecretResource>().Produces<Problem>(404, Json);
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

    private static async Task ListAsync(HttpContext context, SubscriptionAdministration subscriptions) =>
        await context.JsonAsync(200, new ItemList<SubscriptionResource> { Items = await subscriptions.ListAsync(context.RequestAborted) }, WireJson.Default.SubscriptionList);

    private static async Task FindAsync(HttpContext context, string name, RegistryCache registry, SubscriptionAdministration subscriptions)
    {
        if (registry.Current.FindSubscription(name) is { } subscription)
            await context.JsonAsync(200, await subscriptions.ToResourceAsync(subscription, context.RequestAborted), WireJson.Default.SubscriptionResource);
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

    private static async Task PauseAsync(HttpContext context, string name, SubscriptionPauser pauser, RegistryCache registry, SubscriptionAdministration subscriptions)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        await pauser.PauseAsync(name, context.Caller().Name, request.Reason);
        await FindAsync(context, name, registry, subscriptions);
    }

    private static async Task ResumeAsync(HttpContext context, string name, SubscriptionPauser pauser, RegistryCache registry, SubscriptionAdministration subscriptions)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        await pauser.ResumeAsync(name, context.Caller().Name, request.Reason);
        await FindAsync(context, name, registry, subscriptions);
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
