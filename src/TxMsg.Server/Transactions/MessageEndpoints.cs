using TxMsg.Contracts.Messages;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.OpenApi;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Transactions;

/// <summary>The HTTP face of reading messages.</summary>
public static class MessageEndpoints
{
    private const string Json = "application/problem+json";

    /// <summary>Maps one message, its payload, its timeline, and the list.</summary>
    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/v1/messages").WithTags("Messages").AllowProducers();
        messages.MapGet("", ListAsync).WithSummary("Search, newest first")
            .WithQuery("state", "prepared, parked, committed or rolledBack").WithQuery("topic", "Its topic").WithQuery("producer", "Who sent it")
            .WithQuery("key", "Its business key").WithQuery("tag", "Its tag").WithQuery("from", "Prepared at or after, ISO 8601").WithQuery("to", "Prepared before, ISO 8601")
            .WithQuery("limit", "Most items of the answer; there may be fewer and a next page all the same").WithQuery("cursor", "The nextCursor of the answer before")
            .Produces<MessageList>().Produces<Problem>(400, Json);
        messages.MapGet("/{id}", FindAsync).WithSummary("A message and its deliveries")
            .Produces<MessageResource>().Produces<Problem>(404, Json);
        messages.MapGet("/{id}/payload", PayloadAsync).WithSummary("The payload, byte for byte")
            .Produces(200, contentType: "application/octet-stream").Produces<Problem>(404, Json);
        messages.MapGet("/{id}/timeline", TimelineAsync).WithSummary("What happened to a message; of more than 1,000 check-backs, failed attempts or operator actions the newest")
            .Produces<Timeline>().Produces<Problem>(404, Json);
    }

    private static async Task ListAsync(HttpContext context, MessageReader messages, RegistryCache registry)
    {
        var errors = new FieldErrors();
        var query = MessageQuery.Parse(context.Request.Query, registry.Current, context.Caller().ProducerId, errors);
        if (query is null) await context.ProblemAsync(Problems.InvalidInput(errors));
        else await context.JsonAsync(200, await messages.ListAsync(query, context.RequestAborted), WireJson.Default.MessageList);
    }

    private static async Task FindAsync(HttpContext context, string id, MessageReader messages, RegistryCache registry)
    {
        var message = Uuid.TryParse(id, out var guid) ? await messages.FindAsync(guid, context.RequestAborted) : null;
        if (message is null) await NotFoundAsync(context, id);
        else if (!MayRead(context, registry.Current.FindProducer(message.Producer)?.Id)) await ForbiddenAsync(context);
        else await context.MessageAsync(200, message);
    }

    private static async Task PayloadAsync(HttpContext context, string id, MessageReader messages)
    {
        var row = Uuid.TryParse(id, out var guid) ? await messages.FindPayloadAsync(guid, context.RequestAborted) : null;
        if (row is null)
        {
            await NotFoundAsync(context, id);
            return;
        }

        if (!MayRead(context, row.ProducerId))
        {
            await ForbiddenAsync(context);
            return;
        }

        // The bytes are a stranger's: a browser must neither guess nor run them.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        context.Response.ContentType = row.ContentType;
        context.Response.ContentLength = row.Payload.Length;
        await context.Response.Body.WriteAsync(row.Payload, context.RequestAborted);
    }

    private static async Task TimelineAsync(HttpContext context, string id, TimelineReader timelines, MessageReader messages)
    {
        var row = Uuid.TryParse(id, out var guid) ? await messages.FindRowAsync(guid, context.RequestAborted) : null;
        if (row is null) await NotFoundAsync(context, id);
        else if (!MayRead(context, row.ProducerId)) await ForbiddenAsync(context);
        else await context.JsonAsync(200, await timelines.ReadAsync(row, context.RequestAborted), WireJson.Default.Timeline);
    }

    private static bool MayRead(HttpContext context, long? producerId) => context.Caller().ProducerId is not { } only || only == producerId;

    private static Task NotFoundAsync(HttpContext context, string id) => context.ProblemAsync(Problems.NotFound("message", id));

    private static Task ForbiddenAsync(HttpContext context) => context.ProblemAsync(Problems.Forbidden("This key may not see another producer's message."));
}
