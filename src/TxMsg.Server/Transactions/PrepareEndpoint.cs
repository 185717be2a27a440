using System.Text.Json;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Transactions;

/// <summary><c>POST /v1/messages</c>.</summary>
public sealed class PrepareEndpoint(PrepareService prepares, TransactionCoordinator coordinator, MessageReader messages)
{
    /// <summary>Stores the message and answers with it.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context, prepares.BodyLimit);
        if (body is null) return;
        var (message, problem) = Read(context, body);
        if (message is null)
        {
            await context.ProblemAsync(problem!);
            return;
        }

        var operation = await coordinator.PrepareAsync(message);
        if (operation.Result == PrepareOutcome.Created) await CreatedAsync(context, operation);
        else if (operation.Result == PrepareOutcome.Conflict) await context.ProblemAsync(Problems.ContentConflict(message.Id));
        else await context.MessageAsync(200, (await messages.FindAsync(message.Id, context.RequestAborted))!);
    }

    private (NewMessage? Message, Problem? Problem) Read(HttpContext context, byte[] body)
    {
        var json = new Utf8JsonReader(body);
        try
        {
            var read = prepares.Read(body, ref json, context.Caller(), TraceParents.Of(context));
            return json.Read() ? (null, Problems.InvalidInput("$", "There is something after the object.")) : read;
        }
        catch (JsonException exception)
        {
            return (null, Problems.InvalidInput("$", $"The body is not well-formed JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine})."));
        }
    }

    private static Task CreatedAsync(HttpContext context, PrepareOperation operation)
    {
        context.Response.Headers.Location = "/v1/messages/" + operation.Message.Id.ToString();
        return context.MessageAsync(201, MessageResources.Of(operation));
    }
}
