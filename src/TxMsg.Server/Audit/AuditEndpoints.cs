using TxMsg.Contracts.Operations;
using TxMsg.Server.Http;
using TxMsg.Server.OpenApi;

namespace TxMsg.Server.Audit;

/// <summary>The HTTP face of the audit; for administration.</summary>
public static class AuditEndpoints
{
    /// <summary>Maps <c>GET /v1/audit</c>.</summary>
    public static void MapAudit(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/audit", ListAsync).WithTags("Operations")
        .WithSummary("Who did what, when and why, newest first. A page may be short where few of many match; go on while there is a nextCursor")
        .WithQuery("actor", "Who did it").WithQuery("action", "What was done, such as redeliver or pauseSubscription")
        .WithQuery("producer", "About this producer").WithQuery("subscription", "About this subscription, also after it was deleted").WithQuery("message", "About the message with this id")
        .WithQuery("from", "At or after, ISO 8601").WithQuery("to", "Before, ISO 8601")
        .WithQuery("limit", "Most items of the answer").WithQuery("cursor", "The nextCursor of the answer before")
        .Produces<AuditEntryList>().Produces<Problem>(400, "application/problem+json");

    private static async Task ListAsync(HttpContext context, AuditReader audit)
    {
        var errors = new FieldErrors();
        var query = AuditQuery.Parse(context.Request.Query, errors);
        if (query is null) await context.ProblemAsync(Problems.InvalidInput(errors));
        else await context.JsonAsync(200, await audit.ListAsync(query, context.RequestAborted), WireJson.Default.AuditEntryList);
    }
}
