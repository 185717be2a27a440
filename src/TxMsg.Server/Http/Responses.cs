using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TxMsg.Server.Http;

/// <summary>Writes answers with their length, so that small ones leave in one packet.</summary>
public static class Responses
{
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? writer;

    /// <summary>Answers with JSON.</summary>
    public static Task JsonAsync<T>(this HttpContext context, int status, T value, JsonTypeInfo<T> type) =>
        WriteAsync(context, status, "application/json", (Value: value, Type: type), static (json, it) => JsonSerializer.Serialize(json, it.Value, it.Type));

    /// <summary>Answers with JSON that is written by hand.</summary>
    public static Task JsonAsync<T>(this HttpContext context, int status, T value, Action<Utf8JsonWriter, T> write) =>
        WriteAsync(context, status, "application/json", value, write);

    /// <summary>Answers with a problem.</summary>
    public static Task ProblemAsync(this HttpContext context, Problem problem)
    {
        if (problem.RetryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (problem.Status == 401) context.Response.Headers.WWWAuthenticate = problem.Challenge;
        return WriteAsync(context, problem.Status, "application/problem+json", problem, static (json, problem) => JsonSerializer.Serialize(json, problem, WireJson.Default.Problem));
    }

    private static Task WriteAsync<T>(HttpContext context, int status, string contentType, T value, Action<Utf8JsonWriter, T> write)
    {
        var (buffer, json) = writer ??= Create();
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        write(json, value);
        json.Flush();
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = buffer.WrittenCount;
        // Copied before the first await: the buffer is this thread's.
        response.BodyWriter.Write(buffer.WrittenSpan);
        // Without a token: an answer to a client that has gone is dropped by the server, and making a token costs every other request.
        return response.BodyWriter.FlushAsync(CancellationToken.None).AsTask();
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) Create()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        // The answers are JSON to every client, never a part of a page: only JSON's own characters are escaped.
        return (buffer, new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }
}
