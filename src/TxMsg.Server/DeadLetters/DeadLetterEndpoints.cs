using System.Globalization;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.DeadLetters;

/// <summary>The HTTP face of dead letters.</summary>
public static class DeadLetterEndpoints
{
    private const string Json = "application/problem+json";
    private const int MaxIds = 1000;
    private const int MaxLimit = 500;

    /// <summary>Maps the list and what can be done.</summary>
    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var deadLetters = routes.MapGroup("/v1/dead-letters").WithTags("Dead letters");
        deadLetters.MapGet("", ListAsync).WithSummary("Oldest first: subscription, limit, cursor").Produces<DeadLetterList>().Produces<Problem>(400, Json);
        deadLetters.MapPost("/redeliver", (HttpContext context, DeadLetterService service, RegistryCache registry) => ApplyAsync(context, service, registry, DeadLetterAction.Redeliver))
            .WithSummary("Try again, the schedule beginning anew: some, or all of a subscription")
            .Accepts<DeadLetterRequest>("application/json").Produces<CountResource>().Produces<Problem>(400, Json).Produces<Problem>(404, Json);
        deadLetters.MapPost("/discard", (HttpContext context, DeadLetterService service, RegistryCache registry) => ApplyAsync(context, service, registry, DeadLetterAction.Discard))
            .WithSummary("Give up: some, or all of a subscription")
            .Accepts<DeadLetterRequest>("application/json").Produces<CountResource>().Produces<Problem>(400, Json).Produces<Problem>(404, Json);
    }

    private static async Task ListAsync(HttpContext context, DeadLetterService service, RegistryCache registry, string? subscription, string? limit, string? cursor)
    {
        var errors = new FieldErrors();
        var cursorValue = new MessageCursor(0, 0);
        var limitValue = 50;
        var of = string.IsNullOrEmpty(subscription) ? null : registry.Current.FindSubscription(subscription);
        if (!string.IsNullOrEmpty(subscription) && of is null) errors.Add("subscription", $"There is no subscription {subscription}.");
        if (!string.IsNullOrEmpty(limit) && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out limitValue) || limitValue is < 1 or > MaxLimit))
            errors.Add("limit", $"A whole number from 1 to {MaxLimit}.");
        if (!string.IsNullOrEmpty(cursor) && !MessageCursor.TryParse(cursor, out cursorValue)) errors.Add("cursor", "This is not a cursor of this list.");
        if (!errors.IsEmpty) await context.ProblemAsync(Problems.InvalidInput(errors));
        else await context.JsonAsync(200, await service.ListAsync(of, cursorValue.Seq, limitValue, context.RequestAborted), WireJson.Default.DeadLetterList);
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

        if (registry.Current.FindSubscription(request.Subscription) is not { } subscription)
        {
            await context.ProblemAsync(Problems.NotFound("subscription", request.Subscription));
            return;
        }

        var count = await service.ApplyAsync(subscription, action, request.MessageIds, context.Caller().Name, request.Reason, context.RequestAborted);
        await context.JsonAsync(200, new CountResource { Count = count }, WireJson.Default.CountResource);
    }
}
