using TxMsg.Contracts.Messages;
using TxMsg.Server.Access;
using TxMsg.Server.Http;

namespace TxMsg.Server.Transactions;

/// <summary>The HTTP face of half messages.</summary>
public static class TransactionEndpoints
{
    /// <summary>Maps prepare, commit, rollback and their batch forms.</summary>
    public static void MapTransactions(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/v1").WithTags("Messages").AllowProducers();
        var prepare = routes.ServiceProvider.GetRequiredService<PrepareEndpoint>();
        var verdict = routes.ServiceProvider.GetRequiredService<VerdictEndpoint>();
        messages.MapPost("/messages", Handler(prepare.HandleAsync))
            .WithSummary("Store a half message, or an ordinary message with \"verdict\":\"commit\"")
            .Accepts<PrepareRequest>("application/json")
            .Produces<MessageResource>(201).Produces<MessageResource>(200)
            .Produces<Problem>(400, Json).Produces<Problem>(409, Json).Produces<Problem>(413, Json).Produces<Problem>(503, Json);
        messages.MapPost("/messages/batch", PrepareBatchEndpoint.HandleAsync)
            .WithSummary("Store up to 1,000 messages, each judged alone")
            .Accepts<PrepareBatchRequest>("application/json")
            .Produces<BatchResults>().Produces<Problem>(400, Json).Produces<Problem>(413, Json);
        messages.MapPost("/messages/{id}/commit", Handler(verdict.CommitAsync))
            .WithSummary("Commit: the local transaction committed")
            .WithVerdictAnswers();
        messages.MapPost("/messages/{id}/rollback", Handler(verdict.RollbackAsync))
            .WithSummary("Roll back: the local transaction rolled back")
            .WithVerdictAnswers();
        messages.MapPost("/verdicts", VerdictBatchEndpoint.HandleAsync)
            .WithSummary("Up to 1,000 verdicts, each judged alone")
            .Accepts<VerdictsRequest>("application/json")
            .Produces<BatchResults>().Produces<Problem>(400, Json);
    }

    private const string Json = "application/problem+json";

    // A handler that asks for services gets a scope for them, which costs as much as the rest of the routing: the hot ones have theirs.
    private static Delegate Handler(Func<HttpContext, Task> handler) => handler;

    private static void WithVerdictAnswers(this RouteHandlerBuilder builder) => builder
        .Accepts<ReasonRequest>(isOptional: true, "application/json")
        .Produces<MessageResource>().Produces<Problem>(403, Json).Produces<Problem>(404, Json).Produces<Problem>(409, Json).Produces<Problem>(503, Json);
}
