using TxMsg.Contracts;
using TxMsg.Contracts.Messages;

namespace TxMsg.Client.Testing;

/// <summary>A stored message.</summary>
internal sealed class MessageEntry(ProducerEntry producer, Message content, string? traceParent, DateTimeOffset preparedAt)
{
    public ProducerEntry Producer { get; } = producer;

    public Message Content { get; } = content;

    public string? TraceParent { get; } = traceParent;

    public DateTimeOffset PreparedAt { get; } = preparedAt;

    public string State { get; private set; } = MessageStates.Prepared;

    public DateTimeOffset? DecidedAt { get; private set; }

    public DateTimeOffset? NextCheckBackAt { get; private set; } = preparedAt + (content.CheckBackAfter ?? producer.CheckBackAfter);

    public int CheckBacks { get; private set; }

    public List<DeliveryEntry> Deliveries { get; } = [];

    public bool IsUndecided => State is MessageStates.Prepared or MessageStates.Parked;

    private string? DecidedBy { get; set; }

    private string? Reason { get; set; }

    private int UnknownAnswers { get; set; }

    /// <summary>The message as the coordinator keeps it: what the caller does to its own afterwards is its own affair.</summary>
    public static Message Copy(Message message) => new(message.Topic, message.Payload.ToArray())
    {
        Id = message.Id,
        ContentType = message.ContentType,
        Key = message.Key,
        Tag = message.Tag,
        OrderingKey = message.OrderingKey,
        Headers = message.Headers is { Count: > 0 } headers ? new SortedDictionary<string, string>(headers.ToDictionary(), StringComparer.OrdinalIgnoreCase) : null,
        Delay = TimeSpan.FromMilliseconds(Math.Round((message.Delay ?? TimeSpan.Zero).TotalMilliseconds)),
        CheckBackAfter = message.CheckBackAfter,
    };

    /// <summary>Whether a repeated prepare says the same. How it was sent (first check-back, verdict) is no content.</summary>
    public bool IsSame(string producer, Message other) =>
        Producer.Name == producer && Content.Topic == other.Topic && Content.Key == other.Key && Content.Tag == other.Tag
        && Content.OrderingKey == other.OrderingKey && Content.Delay == other.Delay && Content.ContentType == other.ContentType
        && (Content.Headers ?? Empty).SequenceEqual(other.Headers ?? Empty) && Content.Payload.Span.SequenceEqual(other.Payload.Span);

    /// <summary>Stores the verdict of an undecided message.</summary>
    public void Decide(string state, string by, string? reason, DateTimeOffset now)
    {
        (State, DecidedBy, Reason, DecidedAt, NextCheckBackAt) = (state, by, reason, now, null);
    }

    /// <summary>Notes a check-back that brought no verdict: only <c>unknown</c> counts against the answers, time runs out for both.</summary>
    public void NoteCheckBack(string answer, DateTimeOffset now)
    {
        CheckBacks++;
        if (!IsUndecided || answer is Verdicts.Commit or Verdicts.Rollback) return;
        if (answer == Verdicts.Unknown) UnknownAnswers++;
        if (UnknownAnswers >= Producer.MaxUnknownAnswers || now - PreparedAt >= Producer.GiveUpAfter) State = MessageStates.Parked;
        NextCheckBackAt = State == MessageStates.Prepared ? now + CheckBackRules.PauseAfter(CheckBacks) : null;
    }

    public MessageResource ToResource() => new()
    {
        Id = Content.Id,
        Producer = Producer.Name,
        Topic = Content.Topic,
        State = State,
        Key = Content.Key,
        Tag = Content.Tag,
        OrderingKey = Content.OrderingKey,
        DelaySeconds = Content.Delay?.TotalSeconds ?? 0,
        ContentType = Content.ContentType,
        Headers = Content.Headers,
        PreparedAt = PreparedAt,
        DecidedAt = DecidedAt,
        DecidedBy = DecidedBy,
        Reason = Reason,
        NextCheckBackAt = NextCheckBackAt,
        CheckBacks = CheckBacks,
        Deliveries = [.. Deliveries.Select(delivery => delivery.ToResource())],
    };

    private static IReadOnlyDictionary<string, string> Empty { get; } = new Dictionary<string, string>();
}
