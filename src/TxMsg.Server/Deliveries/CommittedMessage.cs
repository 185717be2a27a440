using TxMsg.Server.Transactions;

namespace TxMsg.Server.Deliveries;

/// <summary>A message that is being committed, on its way to fan-out.</summary>
public sealed class CommittedMessage
{
    public required long Seq { get; init; }

    public required Guid Id { get; init; }

    public required long ProducerId { get; init; }

    public required string Topic { get; init; }

    public string? Key { get; init; }

    public string? Tag { get; init; }

    public string? OrderingKey { get; init; }

    public long DelayMs { get; init; }

    public string? TraceParent { get; init; }

    public required long CommittedAt { get; init; }

    /// <summary>The content, if this node has it in memory.</summary>
    public MessageContent? Content { get; init; }

    /// <summary>Its way to each subscription, set by <see cref="FanOut"/>.</summary>
    public FannedOut FannedOut { get; } = new();

    internal static CommittedMessage From(long seq, PrepareOperation operation) => new()
    {
        Seq = seq,
        Id = operation.Message.Id,
        ProducerId = operation.Message.ProducerId,
        Topic = operation.Message.Topic,
        Key = operation.Message.Key,
        Tag = operation.Message.Tag,
        OrderingKey = operation.Message.OrderingKey,
        DelayMs = (long)operation.Message.Delay.TotalMilliseconds,
        TraceParent = operation.Message.TraceParent,
        CommittedAt = operation.Now,
        Content = operation.Message.Content,
    };

    internal static CommittedMessage From(DecidedMessage message, VerdictOperation operation) => new()
    {
        Seq = message.Seq,
        Id = message.Id,
        ProducerId = message.ProducerId,
        Topic = message.Topic,
        Key = message.Key,
        Tag = message.Tag,
        OrderingKey = message.OrderingKey,
        DelayMs = message.DelayMs,
        TraceParent = message.TraceParent,
        CommittedAt = operation.Now,
        Content = message.Content,
    };
}
