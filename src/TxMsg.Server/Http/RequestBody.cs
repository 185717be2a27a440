using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TxMsg.Server.Http;

/// <summary>Reads request bodies to their end, within a limit.</summary>
public static class RequestBody
{
    /// <summary>Longest body of an administrative call, in bytes.</summary>
    public const int SmallBodyLimit = 64 * 1024;

    /// <summary>The body; or null after answering with a problem, when it is not JSON or longer than <paramref name="limit"/> bytes.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpContext context, int limit)
    {
        if (await BufferAsync(context, limit) is not { } buffer) return null;
        var body = buffer.ToArray();
        context.Request.BodyReader.AdvanceTo(buffer.End);
        return Utf8Text.HasMark(body) ? body[3..] : body;
    }

    /// <summary>The same where it was received, for who looks at it at once and then advances the request's <c>BodyReader</c> to its end.</summary>
    public static async ValueTask<ReadOnlySequence<byte>?> BufferAsync(HttpContext context, int limit)
    {
        if (!HasJsonType(context.Request))
        {
            await context.ProblemAsync(Problems.UnsupportedMediaType());
            return null;
        }

        if (context.Request.ContentLength > limit) return await TooLargeAsync(context, limit);
        BodyBudget.Room? room = null;
        var given = context.Request.ContentLength ?? BodyBudget.SmallBody;
        if (!TryGiveRoom(context, given, ref room)) return await NoRoomAsync(context);
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await ReadSomeAsync(context);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return await TooLargeAsync(context, limit);
            }

            // Nobody said how long it is: only what has come can be counted.
            if (read.Buffer.Length > given)
            {
                given = Math.Min(limit, 2 * read.Buffer.Length);
                if (!TryGiveRoom(context, given, ref room))
                {
                    reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    return await NoRoomAsync(context);
                }
            }

            if (read.IsCompleted) return read.Buffer;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The body as a value; or null after answering with a problem that names the field. An empty body is an empty
    /// object where <paramref name="optional"/> says so.</summary>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, int limit = SmallBodyLimit, bool optional = false)
        where T : class
    {
        if (optional && IsMissing(context.Request)) return JsonSerializer.Deserialize("{}"u8, type);
        var body = await ReadAsync(context, limit);
        if (body is null) return null;
        if (optional && body.Length == 0) return JsonSerializer.Deserialize("{}"u8, type);
        try
        {
            var value = JsonSerializer.Deserialize(body, type);
            if (value is not null) return value;
            await context.ProblemAsync(Problems.InvalidInput("$", "A JSON object is required."));
        }
        catch (JsonException exception)
        {
            await context.ProblemAsync(JsonProblem(exception));
        }

        return null;
    }

    /// <summary>Whether a request comes without a body; one that may be missing may lack its type too.</summary>
    internal static bool IsMissing(HttpRequest request) => request.ContentLength is 0 or null && !request.Headers.ContainsKey("Transfer-Encoding");

    /// <summary>What is wrong with JSON that could not be read, by field.</summary>
    public static Problem JsonProblem(JsonException exception)
    {
        var message = exception.Message;
        const string unmapped = "The JSON property '";
        if (message.StartsWith(unmapped, StringComparison.Ordinal))
        {
            // The name may have quotes of its own; what follows it has none but those around the type.
            var end = message.IndexOf("' could not be mapped", unmapped.Length, StringComparison.Ordinal);
            var name = message[unmapped.Length..(end < 0 ? message.IndexOf('\'', unmapped.Length) : end)];
            return Problems.InvalidInput(InPath(exception.Path, name), "This field is not known.");
        }

        var path = exception.Path is null or "$" ? "$" : exception.Path.StartsWith("$.", StringComparison.Ordinal) ? exception.Path[2..] : exception.Path;
        const string missing = "missing required properties including: ";
        if (message.IndexOf(missing, StringComparison.Ordinal) is var at and >= 0)
        {
            var errors = new FieldErrors();
            foreach (var name in message[(at + missing.Length)..].TrimEnd('.').Split(", ")) errors.Add(name.Trim('\'', ' '), "This field is required.");
            return Problems.InvalidInput(errors);
        }

        // The reader's own fault is the inner one of the serializer's.
        var isMalformed = exception.InnerException is JsonException;
        if (path == "$") return Problems.InvalidInput(path, isMalformed ? "The body is not well-formed JSON." : "A JSON object is required.");
        if (message.StartsWith("Duplicate property", StringComparison.Ordinal)) return Problems.InvalidInput(path, "This field is given twice.");
        return Problems.InvalidInput(path, isMalformed ? "The JSON is not well-formed here." : "The value has the wrong type.");
    }

    // A field of an object within the body is named with it. What needs quotes in a path is named alone.
    private static string InPath(string? path, string name)
    {
        if (path is null || !path.StartsWith("$.", StringComparison.Ordinal) || path.Contains("['", StringComparison.Ordinal)) return name;
        var inner = path[2..];
        return inner == name || inner.EndsWith("." + name, StringComparison.Ordinal) ? inner : $"{inner}.{name}";
    }

    // A length of a chunk that no number holds is not foreseen by the server below, and a connection that is reset is nobody's fault here.
    private static async ValueTask<ReadResult> ReadSomeAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        try
        {
            // Mostly it has come with the headers: then there is nothing to wait for, and no token to make.
            return reader.TryRead(out var read) ? read : await reader.ReadAsync(context.RequestAborted);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body cannot be read.", exception);
        }
    }

    private static bool TryGiveRoom(HttpContext context, long bytes, ref BodyBudget.Room? room)
    {
        if (bytes <= BodyBudget.SmallBody) return true;
        if (room is not null) return room.TryGrow(bytes);
        room = BodyBudget.Shared.TryTake(bytes);
        if (room is null) return false;
        // What was read lives as long as its request.
        context.Response.RegisterForDispose(room);
        return true;
    }

    private static async ValueTask<ReadOnlySequence<byte>?> TooLargeAsync(HttpContext context, int limit)
    {
        // What is still to come is not read.
        context.Response.Headers.Connection = "close";
        await context.ProblemAsync(Problems.TooLarge("body", limit));
        return null;
    }

    private static async ValueTask<ReadOnlySequence<byte>?> NoRoomAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        await context.ProblemAsync(Problems.Busy() with { Detail = "Too many large bodies are being read. Nothing was stored; try again." });
        return null;
    }

    private static bool HasJsonType(HttpRequest request)
    {
        var type = request.ContentType;
        if (type is null) return true;
        var semicolon = type.IndexOf(';', StringComparison.Ordinal);
        var media = (semicolon < 0 ? type : type[..semicolon]).AsSpan().Trim();
        return media.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (media.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && media.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
    }
}
