using System.Text.Json;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Transactions;

/// <summary><c>POST /v1/messages</c>.</summary>
internal static class PrepareEndpoint
{
    public static async Task HandleAsync(HttpContext context, PrepareService prepares, MessageReader messages)
    {
        var body = await RequestBody.ReadAsync(context, prepares.BodyLimit);
        if (body is null) return;
        var (message, problem) = Read(context, prepares, body);
        PrepareOperation? operation = null;
        if (message is not null) (operation, problem) = await prepares.StoreAsync(message);
        if (operation is null) await context.ProblemAsync(problem!);
        else if (operation.Result == PrepareOutcome.Created) await CreatedAsync(context, operation);
        else await context.MessageAsync(200, (await messages.FindAsync(message!.Id, context.RequestAborted))!);
    }

    private static (NewMessage? Message, Problem? Problem) Read(HttpContext context, PrepareService prepares, byte[] body)
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
