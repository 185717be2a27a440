using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Http;
using TxMsg.Server.OpenApi;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Undecided;

/// <summary>The HTTP face of undecided messages; for administration.</summary>
public static class UndecidedEndpoints
{
    /// <summary>Maps the summary and the list.</summary>
    public static void MapUndecided(this IEndpointRouteBuilder routes)
    {
        var undecided = routes.MapGroup("/v1/undecided").WithTags("Undecided");
        undecided.MapGet("", SummarizeAsync).WithSummary("What waits for each producer's verdicts").Produces<ItemList<UndecidedProducer>>();
        undecided.MapGet("/messages", ListAsync).WithSummary("Undecided messages, oldest first")
            .WithQuery("state", "prepared or parked").WithQuery("producer", "Whose").WithQuery("olderThanSeconds", "Prepared so long ago at least")
            .WithQuery("pastFirstCheck", "true: without those whose first check-back is still to come").WithQuery("limit", "Most items of the answer")
            .WithQuery("cursor", "The nextCursor of the answer before")
            .Produces<UndecidedList>().Produces<Problem>(400, "application/problem+json");
    }

    private static async Task SummarizeAsync(HttpContext context, UndecidedReader reader) => await context.JsonAsync(
        200, new ItemList<UndecidedProducer> { Items = await reader.SummarizeAsync(context.RequestAborted) }, WireJson.Default.UndecidedProducerList);

    private static async Task ListAsync(HttpContext context, UndecidedReader reader, RegistryCache registry)
    {
        var errors = new FieldErrors();
        var query = UndecidedQuery.Parse(context.Request.Query, registry.Current, errors);
        if (query is null) await context.ProblemAsync(Problems.InvalidInput(errors));
        else await context.JsonAsync(200, await reader.ListAsync(query, context.RequestAborted), WireJson.Default.UndecidedList);
    }
}
