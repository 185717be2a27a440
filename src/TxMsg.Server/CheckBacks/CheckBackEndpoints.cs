using TxMsg.Contracts.Messages;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.CheckBacks;

/// <summary>The HTTP face of check-backs.</summary>
public static class CheckBackEndpoints
{
    private const string Json = "application/problem+json";

    /// <summary>Maps the check-back by hand.</summary>
    public static void MapCheckBacks(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/messages/{id}/check-back", HandleAsync).WithTags("Messages").AllowProducers()
            .WithSummary("Ask the producer now")
            .Accepts<ReasonRequest>(isOptional: true, "application/json")
            .Produces(202).Produces<Problem>(404, Json).Produces<Problem>(409, Json);

    private static async Task HandleAsync(HttpContext context, string id, MessageReader messages, ManualCheckBack checkBack)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        var row = Uuid.TryParse(id, out var guid) ? await messages.FindRowAsync(guid, context.RequestAborted) : null;
        if (row is null)
        {
            await context.ProblemAsync(Problems.NotFound("message", id));
        }
        else if (context.Caller().ProducerId is { } only && only != row.ProducerId)
        {
            await context.ProblemAsync(Problems.Forbidden("This key may not ask about another producer's message."));
        }
        else if (row.MessageState.IsUndecided() && await checkBack.StartAsync(guid, context.Caller().Name, request.Reason))
        {
            context.Response.StatusCode = 202;
        }
        else
        {
            var decided = (await messages.FindRowAsync(guid, context.RequestAborted))!;
            await context.ProblemAsync(Problems.VerdictConflict(guid, decided.MessageState.Recorded()!.Value.ToWire()));
        }
    }
}
