using System.Text.Json;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.Observability;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Transactions;

/// <summary><c>POST /v1/messages/batch</c>.</summary>
internal static class PrepareBatchEndpoint
{
    /// <summary>Most items of a batch.</summary>
    public const int MaxItems = 1000;

    // Memory for a batch is bounded by this, not by a thousand payloads at their limit.
    private const int BodyLimit = 32 * 1024 * 1024;

    public static async Task HandleAsync(HttpContext context, PrepareService prepares, TransactionCoordinator coordinator)
    {
        var body = await RequestBody.ReadAsync(context, Math.Max(BodyLimit, prepares.BodyLimit));
        if (body is null) return;
        var errors = new FieldErrors();
        var items = Read(context, prepares, body, errors);
        if (errors.IsEmpty && await AnyIsKnownNowAsync(prepares, items, context.RequestAborted)) items = Read(context, prepares, body, errors);
        if (!errors.IsEmpty)
        {
            await context.ProblemAsync(Problems.InvalidInput(errors));
            return;
        }

        var results = await Task.WhenAll(items.Select(item => StoreAsync(coordinator, item)));
        await context.JsonAsync(200, new BatchResults(results), WireJson.Default.BatchResults);
    }

    private static async ValueTask<bool> AnyIsKnownNowAsync(PrepareService prepares, List<PrepareReading> items, CancellationToken cancellationToken)
    {
        foreach (var item in items.DistinctBy(item => item.UnknownProducer))
        {
            if (await prepares.IsKnownNowAsync(item, cancellationToken)) return true;
        }

        return false;
    }

    private static List<PrepareReading> Read(HttpContext context, PrepareService prepares, byte[] body, FieldErrors errors)
    {
        var items = new List<PrepareReading>();
        var json = new Utf8JsonReader(body, PrepareService.AnyDepth);
        var isFirst = true;
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                errors.Add("$", "A JSON object is required.");
                return items;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName) ReadField(context, prepares, body, ref json, items, errors, ref isFirst);
            if (items.Count == 0 && errors.IsEmpty) errors.Add("messages", "At least one message is required.");
            while (json.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            errors.Add("$", $"The body is not well-formed JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}).");
        }

        return items;
    }

    private static void ReadField(HttpContext context, PrepareService prepares, byte[] body, ref Utf8JsonReader json, List<PrepareReading> items, FieldErrors errors, ref bool isFirst)
    {
        var name = PrepareRules.GetString(ref json, "$", errors);
        if (name != "messages")
        {
            if (name is not null) errors.Add(name, "This field is not known.");
            json.Read();
            json.Skip();
            return;
        }

        json.Read();
        if (!isFirst)
        {
            errors.Add("messages", "This field is given twice.");
            json.Skip();
            return;
        }

        isFirst = false;
        if (json.TokenType != JsonTokenType.StartArray)
        {
            errors.Add("messages", "An array is required.");
            json.Skip();
            return;
        }

        var caller = context.Caller();
        var traceParent = TraceParents.Of(context);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (items.Count == MaxItems)
            {
                errors.Add("messages", $"At most {MaxItems} messages.");
                while (json.TokenType != JsonTokenType.EndArray || json.CurrentDepth > 1) json.Read();
                return;
            }

            items.Add(prepares.Read(body, ref json, caller, traceParent));
        }
    }

    private static async Task<BatchResult> StoreAsync(TransactionCoordinator coordinator, PrepareReading item)
    {
        if (item.Message is not { } message) return new BatchResult { Id = item.Id, Status = item.Problem!.Status, Problem = item.Problem };
        try
        {
            var operation = await coordinator.PrepareAsync(message);
            if (operation.Result == PrepareOutcome.Created)
                return new BatchResult { Id = message.Id, Status = 201, State = (message.IsCommitted ? MessageState.Committed : MessageState.Prepared).ToWire() };
            return PrepareEndpoint.ProblemOf(operation) is { } refusal
                ? Refused(message, refusal) with { State = operation.Commit?.State?.ToWire() }
                : new BatchResult { Id = message.Id, Status = 200, State = (operation.Commit?.State ?? operation.ExistingState)?.ToWire() };
        }
        catch (WriteQueueFullException)
        {
            return Refused(message, Problems.Busy());
        }
        catch (StoreUnavailableException)
        {
            return Refused(message, Problems.StoreUnavailable());
        }
    }

    private static BatchResult Refused(NewMessage message, Problem problem) => new() { Id = message.Id, Status = problem.Status, Problem = problem };
}
