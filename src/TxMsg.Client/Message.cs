using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TxMsg.Client;

/// <summary>A message to send. Its id is made here and not by the coordinator, so that every call can be repeated safely.</summary>
/// <param name="topic">The name it is published under: 1 to 256 characters.</param>
/// <param name="payload">Delivered byte for byte; at most the coordinator's limit, 256 KiB by default.</param>
public sealed class Message(string topic, ReadOnlyMemory<byte> payload)
{
    /// <summary>A UUID; version 7 unless set.</summary>
    /// <exception cref="ArgumentException">It is set to the empty UUID, which no check-back is answered about.</exception>
    public Guid Id
    {
        get;
        init => field = value != Guid.Empty ? value : throw new ArgumentException("A message's id is not the empty UUID.", nameof(value));
    } = Guid.CreateVersion7();

    /// <summary>The name it is published under.</summary>
    public string Topic { get; } = topic;

    /// <summary>The payload, byte for byte.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>The payload's media type.</summary>
    /// <exception cref="ArgumentNullException">It is set to null.</exception>
    public string ContentType
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(value), "A message has a content type; leave it out for the default.");
    } = "application/octet-stream";

    /// <summary>A business key to search by; at most 256 characters.</summary>
    public string? Key { get; init; }

    /// <summary>What subscriptions filter by; at most 256 characters.</summary>
    public string? Tag { get; init; }

    /// <summary>Messages of one ordering key reach ordered subscriptions one at a time, in commit order; at most 256 characters.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>Reach consumers as <c>txmsg-h-{name}</c>: at most 32, names of up to 64 and values of up to 2,048 characters.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>How long after the commit it may be delivered: up to a year.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>When the coordinator asks first, if it hears no verdict: up to 30 days after the prepare. Default: the producer's.</summary>
    public TimeSpan? CheckBackAfter { get; init; }

    /// <summary>A message whose payload is a value in JSON.</summary>
    /// <param name="topic">The name it is published under.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">How it is written: of a source-generated context.</param>
    /// <param name="key">The business key.</param>
    public static Message Json<T>(string topic, T value, JsonTypeInfo<T> type, string? key = null) =>
        new(topic, JsonSerializer.SerializeToUtf8Bytes(value, type)) { ContentType = "application/json", Key = key };

    /// <summary>A message whose payload is a value in JSON, in camelCase unless <paramref name="options"/> say otherwise.</summary>
    public static Message Json<T>(string topic, T value, string? key = null, JsonSerializerOptions? options = null) =>
        new(topic, JsonSerializer.SerializeToUtf8Bytes(value, options ?? JsonSerializerOptions.Web)) { ContentType = "application/json", Key = key };
}
