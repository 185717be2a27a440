using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TxMsg.Client.Consuming;

/// <summary>Payloads that are values in JSON. One that is not is rejected: a retry would bring the same bytes.</summary>
public static class JsonPayload
{
    /// <summary>A handler of bytes that reads the value and passes it on.</summary>
    /// <param name="handler">Takes the value; never null.</param>
    /// <param name="type">How it is read: of a source-generated context, or of options.</param>
    public static DeliveryHandler Handler<T>(DeliveryHandler<T> handler, JsonTypeInfo<T> type) => (message, transaction, cancellationToken) =>
        TryRead(message, type, out var value, out var rejection) ? handler(value, message, transaction, cancellationToken) : Task.FromResult(rejection);

    /// <summary>A handler of bytes that reads the value and passes it on.</summary>
    /// <param name="handler">Takes the value; never null.</param>
    /// <param name="type">How it is read: of a source-generated context, or of options.</param>
    public static IdempotentHandler Handler<T>(IdempotentHandler<T> handler, JsonTypeInfo<T> type) => (message, cancellationToken) =>
        TryRead(message, type, out var value, out var rejection) ? handler(value, message, cancellationToken) : Task.FromResult(rejection);

    /// <summary>How options read a type.</summary>
    internal static JsonTypeInfo<T> TypeOf<T>(JsonSerializerOptions? options)
    {
        options ??= JsonSerializerOptions.Web;
        options.MakeReadOnly(populateMissingResolver: true);
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }

    private static bool TryRead<T>(ReceivedMessage message, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out HandlingResult? rejection)
    {
        value = default;
        rejection = null;
        try
        {
            value = JsonSerializer.Deserialize(message.Payload.Span, type);
            if (value is null) rejection = HandlingResult.Reject($"The payload is null, not the JSON of {typeof(T).Name}.");
        }
        catch (JsonException e)
        {
            rejection = HandlingResult.Reject($"The payload is not the JSON of {typeof(T).Name}: {e.Message}");
        }

        return rejection is null;
    }
}
