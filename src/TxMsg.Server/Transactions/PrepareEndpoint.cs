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
        var (_, message, problem) = Read(context, body);
        if (message is null)
        {
            await context.ProblemAsync(problem!);
            return;
        }

        var operation = await coordinator.PrepareAsync(message, isAlone: true);
        if (operation.Result == PrepareOutcome.Created) await CreatedAsync(context, operation);
        else if (ProblemOf(operation) is { } refusal) await context.ProblemAsync(refusal);
        else await context.MessageAsync(200, (await messages.FindAsync(message.Id, context.RequestAborted))!);
    }

    /// <summary>What a message that was there already is refused with, or null when it is the same.</summary>
    internal static Problem? ProblemOf(PrepareOperation operation) =>
        operation.Result == PrepareOutcome.Conflict ? Problems.ContentConflict(operation.Message.Id)
        : operation.Commit is { } commit ? VerdictEndpoint.ProblemOf(operation.Message.Id, commit) : null;

    private PrepareReading Read(HttpContext context, byte[] body)
    {
        var json = new Utf8JsonReader(body, PrepareService.AnyDepth);
        try
        {
            var read = prepares.Read(body, ref json, context.Caller(), TraceParents.Of(context));
            return json.Read() ? new PrepareReading(null, null, Problems.InvalidInput("$", "There is something after the object.")) : read;
        }
        catch (JsonException exception)
        {
            return new PrepareReading(null, null, Problems.InvalidInput("$", $"The body is not well-formed JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine})."));
        }
    }

    private static Task CreatedAsync(HttpContext context, PrepareOperation operation)
    {
        context.Response.Headers.Location = "/v1/messages/" + operation.Message.Id.ToString();
        return context.MessageAsync(201, MessageResources.Of(operation));
    }
}
