using System.Buffers;
using System.Globalization;
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
        if (await RequestBody.BufferAsync(context, prepares.BodyLimit) is not { } body) return;
        var reading = await ReadAsync(context, body);
        if (reading.Message is not { } message)
        {
            await context.ProblemAsync(reading.Problem!);
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

    private async ValueTask<PrepareReading> ReadAsync(HttpContext context, ReadOnlySequence<byte> body)
    {
        try
        {
            var reading = Read(context, body);
            return reading.UnknownProducer is not null && await prepares.IsKnownNowAsync(reading, context.RequestAborted) ? Read(context, body) : reading;
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }
    }

    // Where it was received if it lies there in one piece, as nearly all do.
    private PrepareReading Read(HttpContext context, ReadOnlySequence<byte> body)
    {
        var rented = body.IsSingleSegment ? null : ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            if (rented is null) return Read(context, body.First);
            body.CopyTo(rented);
            return Read(context, rented.AsMemory(0, (int)body.Length));
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private PrepareReading Read(HttpContext context, ReadOnlyMemory<byte> text)
    {
        var body = Utf8Text.WithoutMark(text);
        var json = new Utf8JsonReader(body.Span, PrepareService.AnyDepth);
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
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/v1/messages/{operation.Message.Id}");
        return context.MessageAsync(201, MessageResources.Of(operation));
    }
}
