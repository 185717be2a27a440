using TxMsg.Contracts;

namespace TxMsg.Client.Consuming;

/// <summary>A delivery whose signature was right: one message on its way to one subscription.</summary>
public sealed class ReceivedMessage
{
    internal ReceivedMessage()
    {
    }

    /// <summary>The message. With <see cref="Subscription"/> it is what deliveries are deduplicated by.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name it was published under.</summary>
    public required string Topic { get; init; }

    /// <summary>The application that sent it.</summary>
    public required string Producer { get; init; }

    /// <summary>The subscription that it is delivered to.</summary>
    public required string Subscription { get; init; }

    /// <summary>1, 2, ...: which try of this delivery it is. More than 1 does not mean that an earlier one arrived.</summary>
    public required int Attempt { get; init; }

    /// <summary>When the producer's local transaction was declared committed; UTC, to the millisecond.</summary>
    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>The business key, if it has one.</summary>
    public string? Key { get; init; }

    /// <summary>The ordering key, if it has one.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>The tag, if it has one.</summary>
    public string? Tag { get; init; }

    /// <summary>The message's own headers, without the prefix <c>txmsg-h-</c>; upper and lower case are the same.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The payload's media type, if it was sent.</summary>
    public string? ContentType { get; init; }

    /// <summary>The payload, byte for byte.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether an operator sent it by hand to see whether this endpoint answers: it is no message, and is to be acknowledged and
    /// forgotten. A <see cref="Consumer"/> does that by itself.</summary>
    public bool IsTest => Topic == TestEvent.Topic && Headers.GetValueOrDefault(TestEvent.Header) == "true";

    /// <summary>W3C trace context of the delivery; null where there is none that is valid.</summary>
    public string? TraceParent { get; init; }
}
