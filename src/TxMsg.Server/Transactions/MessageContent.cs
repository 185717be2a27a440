namespace TxMsg.Server.Transactions;

/// <summary>What is delivered: bytes, their media type, the message's own headers as a JSON object.</summary>
public sealed record MessageContent(string ContentType, string? HeadersJson, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Roughly what it holds in memory, in bytes.</summary>
    public int Size => Payload.Length + 2 * (ContentType.Length + (HeadersJson?.Length ?? 0)) + 256;

    /// <summary>Whether both deliver the same.</summary>
    public bool IsSameAs(MessageContent other) =>
        ContentType == other.ContentType && HeadersJson == other.HeadersJson && Payload.Span.SequenceEqual(other.Payload.Span);
}
