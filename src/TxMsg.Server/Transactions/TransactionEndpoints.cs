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
        messages.MapPost("/messages", PrepareEndpoint.HandleAsync)
            .WithSummary("Store a half message, or an ordinary message with \"verdict\":\"commit\"")
            .Accepts<PrepareRequest>("application/json")
            .Produces<MessageResource>(201).Produces<MessageResource>(200)
            .Produces<Problem>(400, Json).Produces<Problem>(409, Json).Produces<Problem>(413, Json).Produces<Problem>(503, Json);
        messages.MapPost("/messages/batch", PrepareBatchEndpoint.HandleAsync)
            .WithSummary("Store up to 1,000 messages, each judged alone")
            .Accepts<PrepareBatchRequest>("application/json")
            .Produces<BatchResults>().Produces<Problem>(400, Json).Produces<Problem>(413, Json);
        messages.MapPost("/messages/{id}/commit", (HttpContext context, VerdictEndpoint endpoint) => endpoint.HandleAsync(context, Verdict.Commit))
            .WithSummary("Commit: the local transaction committed")
            .WithVerdictAnswers();
        messages.MapPost("/messages/{id}/rollback", (HttpContext context, VerdictEndpoint endpoint) => endpoint.HandleAsync(context, Verdict.Rollback))
            .WithSummary("Roll back: the local transaction rolled back")
            .WithVerdictAnswers();
        messages.MapPost("/verdicts", VerdictBatchEndpoint.HandleAsync)
            .WithSummary("Up to 1,000 verdicts, each judged alone")
            .Accepts<VerdictsRequest>("application/json")
            .Produces<BatchResults>().Produces<Problem>(400, Json);
    }

    private const string Json = "application/problem+json";

    private static void WithVerdictAnswers(this RouteHandlerBuilder builder) => builder
        .Accepts<ReasonRequest>(isOptional: true, "application/json")
        .Produces<MessageResource>().Produces<Problem>(403, Json).Produces<Problem>(404, Json).Produces<Problem>(409, Json).Produces<Problem>(503, Json);
}
