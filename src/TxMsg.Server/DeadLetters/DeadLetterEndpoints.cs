using TxMsg.Contracts.Operations;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.OpenApi;
using TxMsg.Server.Registry;

namespace TxMsg.Server.DeadLetters;

/// <summary>The HTTP face of dead letters.</summary>
public static class DeadLetterEndpoints
{
    private const string Json = "application/problem+json";
    private const int MaxIds = 1000;

    /// <summary>Maps the list and what can be done.</summary>
    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var deadLetters = routes.MapGroup("/v1/dead-letters").WithTags("Dead letters");
        deadLetters.MapGet("", ListAsync).WithSummary("Oldest first")
            .WithQuery("subscription", "Whose").WithQuery("error", "What went wrong, as it was written").WithQuery("status", "The HTTP status of the last attempt")
            .WithQuery("limit", "Most items of the answer; there may be fewer and a next page all the same").WithQuery("cursor", "The nextCursor of the answer before")
            .Produces<DeadLetterList>().Produces<Problem>(400, Json);
        deadLetters.MapGet("/groups", GroupsAsync).WithSummary("The newest of each subscription by what went wrong").WithQuery("subscription", "Whose").Produces<DeadLetterGroups>().Produces<Problem>(400, Json);
        deadLetters.MapPost("/redeliver", (HttpContext context, DeadLetterService service, RegistryCache registry) => ApplyAsync(context, service, registry, DeadLetterAction.Redeliver))
            .WithSummary("Try again, the schedule beginning anew: some, or all of a subscription")
            .Accepts<DeadLetterRequest>("application/json").Produces<CountResource>().Produces<Problem>(400, Json).Produces<Problem>(404, Json);
        RedeliveryEndpoint.Map(routes);
        RetryNowEndpoint.Map(routes);
        deadLetters.MapPost("/discard", (HttpContext context, DeadLetterService service, RegistryCache registry) => ApplyAsync(context, service, registry, DeadLetterAction.Discard))
            .WithSummary("Give up: some, or all of a subscription")
            .Accepts<DeadLetterRequest>("application/json").Produces<CountResource>().Produces<Problem>(400, Json).Produces<Problem>(404, Json);
    }

    private static async Task ListAsync(HttpContext context, DeadLetterService service, RegistryCache registry)
    {
        var errors = new FieldErrors();
        if (DeadLetterQuery.Parse(context.Request.Query, registry.Current, errors) is { } query)
            await context.JsonAsync(200, await service.ListAsync(query.Subscription, query.Filter, query.After, query.Limit, context.RequestAborted), WireJson.Default.DeadLetterList);
        else
            await context.ProblemAsync(Problems.InvalidInput(errors));
    }

    private static async Task GroupsAsync(HttpContext context, DeadLetterGrouper grouper, RegistryCache registry)
    {
        var errors = new FieldErrors();
        var of = DeadLetterQuery.Find(registry.Current, QueryText.ReadAll(context.Request.Query, ["subscription"], errors).GetValueOrDefault("subscription"), errors);
        if (!errors.IsEmpty) await context.ProblemAsync(Problems.InvalidInput(errors));
        else await context.JsonAsync(200, await grouper.ReadAsync(of, context.RequestAborted), WireJson.Default.DeadLetterGroups);
    }

    private static async Task ApplyAsync(HttpContext context, DeadLetterService service, RegistryCache registry, DeadLetterAction action)
    {
        var request = await RequestBody.ReadAsync(context, WireJson.Default.DeadLetterRequest);
        if (request is null) return;
        var errors = new FieldErrors();
        Reasons.Check(request.Reason, errors);
        if (request.MessageIds?.Count > MaxIds) errors.Add("messageIds", $"At most {MaxIds} ids.");
        if (string.IsNullOrEmpty(request.Subscription)) errors.Add("subscription", "This field is required.");
        if (!errors.IsEmpty)
        {
            await context.ProblemAsync(Problems.InvalidInput(errors));
            return;
        }

        if (await registry.FindSubscriptionAsync(request.Subscription, context.RequestAborted) is not { } subscription)
        {
            await context.ProblemAsync(Problems.NotFound("subscription", request.Subscription));
            return;
        }

        var count = await service.ApplyAsync(subscription, action, request.MessageIds, context.Caller().Name, request.Reason, context.RequestAborted);
        await context.JsonAsync(200, new CountResource { Count = count }, WireJson.Default.CountResource);
    }
}
