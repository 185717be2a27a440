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
            .Produces(202).Produces<Problem>(404, Json).Produces<Problem>(409, Json).Produces<Problem>(503, Json);

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
        else
        {
            await StartAsync(context, row, messages, checkBack, request.Reason);
        }
    }

    private static async Task StartAsync(HttpContext context, MessageRow row, MessageReader messages, ManualCheckBack checkBack, string? reason)
    {
        var outcome = row.MessageState.IsUndecided() ? await checkBack.StartAsync(row, context.Caller().Name, reason) : ManualCheckBackOutcome.Decided;
        switch (outcome)
        {
            case ManualCheckBackOutcome.Asked:
                context.Response.StatusCode = 202;
                break;
            case ManualCheckBackOutcome.Full:
                await context.ProblemAsync(Problems.Busy() with { Detail = "Too many check-backs that were asked for wait for their answers. Nothing was stored; try again." });
                break;
            default:
                var decided = (await messages.FindRowAsync(row.MessageId, context.RequestAborted))!;
                await context.ProblemAsync(Problems.VerdictConflict(row.MessageId, decided.MessageState.Recorded()!.Value.ToWire()));
                break;
        }
    }
}
