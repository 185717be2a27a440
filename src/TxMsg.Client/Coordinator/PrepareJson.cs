using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using TxMsg.Contracts;

namespace TxMsg.Client.Coordinator;

/// <summary>Writes the body of a prepare by hand: the payload must stay the very bytes that it is, which a serializer does not promise.</summary>
internal static class PrepareJson
{
    // A reader stops at 64 levels; the payload stands two or three levels deep.
    private const int MaxPayloadDepth = 60;

    // JSON to a server, never a part of a page: only JSON's own characters are escaped.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One message alone.</summary>
    public static ReadOnlyMemory<byte> One(string producer, Message message, bool commit)
    {
        var buffer = new ArrayBufferWriter<byte>(message.Payload.Length + 512);
        using (var json = new Utf8JsonWriter(buffer, Relaxed)) Write(json, producer, message, commit);
        return buffer.WrittenMemory;
    }

    /// <summary>A batch.</summary>
    public static ReadOnlyMemory<byte> Many(string producer, IEnumerable<Message> messages, bool commit)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            json.WriteStartArray("messages"u8);
            foreach (var message in messages) Write(json, producer, message, commit);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, string producer, Message message, bool commit)
    {
        json.WriteStartObject();
        json.WriteString("producer"u8, producer);
        json.WriteString("topic"u8, message.Topic);
        json.WriteString("id"u8, message.Id);
        WriteText(json, "key", message.Key);
        WriteText(json, "tag", message.Tag);
        WriteText(json, "orderingKey", message.OrderingKey);
        WriteHeaders(json, message.Headers);
        WriteSeconds(json, "delaySeconds", message.Delay);
        WriteSeconds(json, "checkBackAfterSeconds", message.CheckBackAfter);
        if (commit) json.WriteString("verdict"u8, Verdicts.Commit);
        WritePayload(json, message);
        json.WriteEndObject();
    }

    private static void WritePayload(Utf8JsonWriter json, Message message)
    {
        if (message.ContentType == "application/json" && IsKeptByJson(message.Payload.Span))
        {
            json.WritePropertyName("payload"u8);
            json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
            return;
        }

        json.WriteString("contentType"u8, message.ContentType);
        json.WriteBase64String("payloadBase64"u8, message.Payload.Span);
    }

    // Whether the payload comes out of the request as it went in: one JSON value with nothing around it, as the
    // coordinator keeps what is between the value's first byte and its last.
    private static bool IsKeptByJson(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] <= ' ' || payload[^1] <= ' ' || !Utf8.IsValid(payload)) return false;
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = MaxPayloadDepth });
        try
        {
            while (reader.Read())
            {
                // To the end: only that shows that it is one value, and well-formed.
            }

            return true;
        }
        catch (JsonException)
        {
            // Not JSON, whatever its type says: its bytes are sent all the same, as bytes.
            return false;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan? value)
    {
        if (value is { } duration) json.WriteNumber(name, duration.TotalSeconds);
    }

    private static void WriteHeaders(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? headers)
    {
        if (headers is null) return;
        json.WriteStartObject("headers"u8);
        foreach (var (name, value) in headers) json.WriteString(name, value);
        json.WriteEndObject();
    }
}
