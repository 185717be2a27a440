using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Transactions;

/// <summary><c>POST /v1/messages/{id}/commit</c> and <c>/rollback</c>.</summary>
public sealed class VerdictEndpoint(TransactionCoordinator coordinator, MessageReader messages, RegistryCache registry)
{
    /// <summary>Stores a commit and answers with the message.</summary>
    public Task CommitAsync(HttpContext context) => HandleAsync(context, Verdict.Commit);

    /// <summary>Stores a rollback and answers with the message.</summary>
    public Task RollbackAsync(HttpContext context) => HandleAsync(context, Verdict.Rollback);

    /// <summary>Whether a caller decides as a person or as the producer. On loopback nobody says who they are: a person gives a reason.</summary>
    internal static VerdictSource SourceOf(Caller caller, string? reason) =>
        caller.Kind == CallerKind.Admin || (caller.Kind == CallerKind.Loopback && reason is not null) ? VerdictSource.Operator : VerdictSource.Producer;

    private async Task HandleAsync(HttpContext context, Verdict verdict)
    {
        var request = await Reasons.ReadAsync(context);
        if (request is null) return;
        if (!Uuid.TryParse((string?)context.Request.RouteValues["id"], out var id))
        {
            await context.ProblemAsync(Problems.NotFound("message", context.Request.RouteValues["id"] ?? ""));
            return;
        }

        var caller = context.Caller();
        var reason = request.Reason;
        var operation = await coordinator.DecideAsync(id, verdict, SourceOf(caller, reason), reason, caller.Name, caller.ProducerId, isAlone: true);
        if (ProblemOf(id, operation.Result) is { } problem) await context.ProblemAsync(problem);
        // Of what this node does not hold the content any more, the answer is read: it is the whole message.
        else if (operation.Result.Decided is { Content: not null } decided) await context.MessageAsync(200, MessageResources.Of(decided, operation, registry.Current.FindProducer(decided.ProducerId)?.Name ?? ""));
        else await context.MessageAsync(200, (await messages.FindAsync(id, context.RequestAborted))!);
    }

    /// <summary>What a refused verdict is answered with, or null when it was taken.</summary>
    internal static Problem? ProblemOf(Guid id, VerdictResult result) => result.Outcome switch
    {
        VerdictOutcome.NotFound => Problems.NotFound("message", id),
        VerdictOutcome.Forbidden => Problems.Forbidden("This key may not decide about another producer's message."),
        VerdictOutcome.Conflict => Problems.VerdictConflict(id, result.State!.Value.Recorded()!.Value.ToWire()),
        _ => null,
    };
}
