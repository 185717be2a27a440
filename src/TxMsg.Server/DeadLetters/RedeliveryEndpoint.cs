using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Messages;
using TxMsg.Server.Access;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.DeadLetters;

/// <summary><c>POST /v1/messages/{id}/redeliver</c>: one message to one subscription, whether it is a dead letter, was given up, or arrived.
/// <c>POST /v1/messages/{id}/retry-now</c>: one that waits for a retry.</summary>
internal static class RedeliveryEndpoint
{
    private const string Json = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "redeliver", isRetryNow: false).WithSummary("Send it to a subscription again: a dead letter, one that was discarded, one that was delivered");
        Map(routes, "retry-now", isRetryNow: true).WithSummary("Try a subscription again now, if the message waits for a retry there; the schedule goes on where it is");
    }

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string call, bool isRetryNow) => routes
        .MapPost($"/v1/messages/{{id}}/{call}", (HttpContext context, string id, GroupCommitter committer, RegistryCache registry, MessageReader messages, OutletDirectory outlets, Alerts.AlertSignal alerts, TimeProvider time) =>
            HandleAsync(context, id, isRetryNow, committer, registry, messages, outlets, alerts, time))
        .WithTags("Messages").Accepts<RedeliverRequest>("application/json")
        .Produces<MessageResource>().Produces<Problem>(400, Json).Produces<Problem>(404, Json).Produces<Problem>(409, Json);

    private static async Task HandleAsync(
        HttpContext context, string id, bool isRetryNow, GroupCommitter committer, RegistryCache registry, MessageReader messages, OutletDirectory outlets, Alerts.AlertSignal alerts, TimeProvider time)
    {
        var request = await RequestBody.ReadAsync(context, WireJson.Default.RedeliverRequest);
        if (request is null) return;
        var errors = new FieldErrors();
        Reasons.Check(request.Reason, errors);
        if (string.IsNullOrEmpty(request.Subscription)) errors.Add("subscription", "This field is required.");
        if (!errors.IsEmpty) await context.ProblemAsync(Problems.InvalidInput(errors));
        else if (!Uuid.TryParse(id, out var guid)) await context.ProblemAsync(Problems.NotFound("message", id));
        else if (await registry.FindSubscriptionAsync(request.Subscription, context.RequestAborted) is not { } subscription) await context.ProblemAsync(Problems.NotFound("subscription", request.Subscription));
        else
        {
            var met = await committer.WriteAsync(new RedeliveryOperation(guid, subscription.Id, time.GetUtcNow()) { IsRetryNow = isRetryNow, Actor = context.Caller().Name, Reason = request.Reason });
            if (ProblemOf(guid, subscription, met, isRetryNow) is { } problem)
            {
                await context.ProblemAsync(problem);
                return;
            }

            outlets.Wake();
            alerts.Raise();
            await context.MessageAsync(200, (await messages.FindAsync(guid, context.RequestAborted))!);
        }
    }

    private static Problem? ProblemOf(Guid id, Subscription subscription, Redelivery met, bool isRetryNow) => met switch
    {
        { IsDone: true } => null,
        { Message: null } => Problems.NotFound("message", id),
        { Message: not MessageState.Committed } => Problems.StateConflict($"Message {id} is {met.Message.Value.ToWire()}; only a committed message is delivered."),
        { Delivery: null } => Problems.NotFound($"delivery of message {id} to", subscription.Name),
        { Delivery: DeliveryState.Pending } when isRetryNow => Problems.StateConflict($"Message {id} waits for no retry to {subscription.Name}: it is due, or waits for its delay or its turn."),
        { Delivery: DeliveryState.Pending } => Problems.StateConflict($"Message {id} is on its way to {subscription.Name} already: it waits for its next attempt."),
        { Delivery: DeliveryState.Leased } => Problems.StateConflict($"Message {id} is being sent to {subscription.Name} just now."),
        _ when isRetryNow => Problems.StateConflict($"Message {id} waits for no retry to {subscription.Name}: it is {met.Delivery.Value.ToWire()} there."),
        _ => Problems.StateConflict($"The delivery of message {id} to {subscription.Name} has just changed; look again."),
    };
}
