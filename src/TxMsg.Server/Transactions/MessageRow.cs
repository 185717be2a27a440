using System.Text.Json;
using TxMsg.Contracts.Messages;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Transactions;

/// <summary>A row of <c>messages</c>, with its content's head where one message is asked for.</summary>
public sealed class MessageRow
{
    public long Seq { get; init; }

    public byte[] Id { get; init; } = [];

    public long ProducerId { get; init; }

    public string Topic { get; init; } = "";

    public string? Key { get; init; }

    public string? Tag { get; init; }

    public string? OrderingKey { get; init; }

    public long DelayMs { get; init; }

    public string? TraceParent { get; init; }

    public int State { get; init; }

    public long PreparedAt { get; init; }

    public long? CheckBackAt { get; init; }

    public long? CheckBackToken { get; init; }

    public int CheckBacks { get; init; }

    public int UnknownAnswers { get; init; }

    public long? ParkedAt { get; init; }

    public long? DecidedAt { get; init; }

    public int? DecidedBy { get; init; }

    public string? Reason { get; init; }

    public string? ContentType { get; init; }

    public string? Headers { get; init; }

    public Guid MessageId => new(Id, bigEndian: true);

    public MessageState MessageState => (MessageState)State;

    public MessageResource ToResource(RegistrySnapshot registry, IReadOnlyList<DeliveryResource>? deliveries) => new()
    {
        Id = MessageId,
        Producer = registry.FindProducer(ProducerId)?.Name ?? "",
        Topic = Topic,
        State = MessageState.ToWire(),
        Key = Key,
        Tag = Tag,
        OrderingKey = OrderingKey,
        DelaySeconds = DelayMs / 1000.0,
        ContentType = ContentType,
        Headers = ReadHeaders(Headers),
        PreparedAt = Time(PreparedAt),
        DecidedAt = Time(DecidedAt),
        DecidedBy = DecidedBy is { } by ? ((VerdictSource)by).ToWire() : null,
        Reason = Reason,
        NextCheckBackAt = MessageState == MessageState.Prepared ? Time(CheckBackAt) : null,
        CheckBacks = CheckBacks,
        Deliveries = deliveries,
    };

    internal static Dictionary<string, string>? ReadHeaders(string? json) =>
        json is null ? null : JsonSerializer.Deserialize(json, WireJson.Default.DictionaryStringString);

    internal static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    internal static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? Time(value) : null;
}
