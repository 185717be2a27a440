using System.Text.Json;
using TxMsg.Contracts.Messages;
using TxMsg.Server.Http;

namespace TxMsg.Server.Transactions;

/// <summary>Writes the answer to every prepare and verdict. By hand, because the serializer spends longer on it than the store
/// on the message; a test holds it to what the serializer would write.</summary>
internal static class MessageJson
{
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Producer = JsonEncodedText.Encode("producer");
    private static readonly JsonEncodedText Topic = JsonEncodedText.Encode("topic");
    private static readonly JsonEncodedText State = JsonEncodedText.Encode("state");
    private static readonly JsonEncodedText Key = JsonEncodedText.Encode("key");
    private static readonly JsonEncodedText Tag = JsonEncodedText.Encode("tag");
    private static readonly JsonEncodedText OrderingKey = JsonEncodedText.Encode("orderingKey");
    private static readonly JsonEncodedText DelaySeconds = JsonEncodedText.Encode("delaySeconds");
    private static readonly JsonEncodedText ContentType = JsonEncodedText.Encode("contentType");
    private static readonly JsonEncodedText Headers = JsonEncodedText.Encode("headers");
    private static readonly JsonEncodedText PreparedAt = JsonEncodedText.Encode("preparedAt");
    private static readonly JsonEncodedText DecidedAt = JsonEncodedText.Encode("decidedAt");
    private static readonly JsonEncodedText DecidedBy = JsonEncodedText.Encode("decidedBy");
    private static readonly JsonEncodedText Reason = JsonEncodedText.Encode("reason");
    private static readonly JsonEncodedText NextCheckBackAt = JsonEncodedText.Encode("nextCheckBackAt");
    private static readonly JsonEncodedText CheckBacks = JsonEncodedText.Encode("checkBacks");
    private static readonly JsonEncodedText Deliveries = JsonEncodedText.Encode("deliveries");
    private static readonly JsonEncodedText Subscription = JsonEncodedText.Encode("subscription");
    private static readonly JsonEncodedText Attempts = JsonEncodedText.Encode("attempts");
    private static readonly JsonEncodedText NextAttemptAt = JsonEncodedText.Encode("nextAttemptAt");
    private static readonly JsonEncodedText LastStatus = JsonEncodedText.Encode("lastStatus");
    private static readonly JsonEncodedText LastError = JsonEncodedText.Encode("lastError");
    private static readonly JsonEncodedText DeliveredAt = JsonEncodedText.Encode("deliveredAt");

    /// <summary>Answers with a message.</summary>
    public static Task MessageAsync(this HttpContext context, int status, MessageResource message) =>
        context.JsonAsync(status, message, Write);

    /// <summary>Writes a message as the API shows it.</summary>
    public static void Write(Utf8JsonWriter json, MessageResource message)
    {
        json.WriteStartObject();
        json.WriteString(Id, message.Id);
        json.WriteString(Producer, message.Producer);
        json.WriteString(Topic, message.Topic);
        json.WriteString(State, message.State);
        json.WriteString(Key, message.Key);
        json.WriteString(Tag, message.Tag);
        json.WriteString(OrderingKey, message.OrderingKey);
        json.WriteNumber(DelaySeconds, message.DelaySeconds);
        if (message.ContentType is not null) json.WriteString(ContentType, message.ContentType);
        if (message.Headers is not null) WriteHeaders(json, message.Headers);
        WriteTime(json, PreparedAt, message.PreparedAt);
        WriteTime(json, DecidedAt, message.DecidedAt);
        json.WriteString(DecidedBy, message.DecidedBy);
        json.WriteString(Reason, message.Reason);
        WriteTime(json, NextCheckBackAt, message.NextCheckBackAt);
        json.WriteNumber(CheckBacks, message.CheckBacks);
        if (message.Deliveries is not null) WriteDeliveries(json, message.Deliveries);
        json.WriteEndObject();
    }

    private static void WriteHeaders(Utf8JsonWriter json, IReadOnlyDictionary<string, string> headers)
    {
        json.WriteStartObject(Headers);
        foreach (var (name, value) in headers) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteDeliveries(Utf8JsonWriter json, IReadOnlyList<DeliveryResource> deliveries)
    {
        json.WriteStartArray(Deliveries);
        for (var i = 0; i < deliveries.Count; i++)
        {
            var delivery = deliveries[i];
            json.WriteStartObject();
            json.WriteString(Subscription, delivery.Subscription);
            json.WriteString(State, delivery.State);
            json.WriteNumber(Attempts, delivery.Attempts);
            WriteTime(json, NextAttemptAt, delivery.NextAttemptAt);
            if (delivery.LastStatus is { } status) json.WriteNumber(LastStatus, status);
            else json.WriteNull(LastStatus);
            json.WriteString(LastError, delivery.LastError);
            WriteTime(json, DeliveredAt, delivery.DeliveredAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, JsonEncodedText name, DateTimeOffset? time)
    {
        if (time is not { } at)
        {
            json.WriteNull(name);
            return;
        }

        Span<char> text = stackalloc char[WireTime.Length];
        WireTime.Write(at, text);
        json.WriteString(name, text);
    }
}
