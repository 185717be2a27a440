using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;

namespace TxMsg.Server.DeadLetters;

/// <summary><c>POST /v1/subscriptions/{name}/retry-now</c>: what waits for a retry, tried again now.</summary>
internal static class RetryNowEndpoint
{
    private const string Json = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/subscriptions/{name}/retry-now", HandleAsync).WithTags("Subscriptions")
        .WithSummary("Try what waits for a retry again now; its schedule goes on where it is")
        .Accepts<ReasonRequest>(isOptional: true, "application/json").Produces<RetryNowResource>()
        .Produces<Problem>(400, Json).Produces<Problem>(404, Json).Produces<Problem>(409, Json);

    private static async Task HandleAsync(HttpContext context, string name, RegistryCache registry, RetryNowService service)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        if (await registry.FindSubscriptionAsync(name, context.RequestAborted) is not { } subscription)
        {
            await context.ProblemAsync(Problems.NotFound("subscription", name));
        }
        else if (subscription.State == SubscriptionState.Paused)
        {
            await context.ProblemAsync(Problems.StateConflict($"Subscription {name} is paused; resume it first."));
        }
        else
        {
            var retried = await service.RetryAsync(subscription, context.Caller().Name, request.Reason);
            await context.JsonAsync(200, new RetryNowResource { Retried = retried }, WireJson.Default.RetryNowResource);
        }
    }
}
