namespace TxMsg.Server.Transactions;

/// <summary>A message as its producer sent it, checked; never changes.</summary>
public sealed class NewMessage
{
    public required Guid Id { get; init; }

    public required long ProducerId { get; init; }

    public required string Producer { get; init; }

    public required string Topic { get; init; }

    public string? Key { get; init; }

    public string? Tag { get; init; }

    public string? OrderingKey { get; init; }

    public TimeSpan Delay { get; init; }

    public required TimeSpan CheckBackAfter { get; init; }

    public required MessageContent Content { get; init; }

    /// <summary>Of what its producer decided.</summary>
    public long Checksum => ContentChecksum.Of(Id, Topic, Key, Tag, OrderingKey, Content);

    /// <summary>An ordinary message: committed at once.</summary>
    public bool IsCommitted { get; init; }

    /// <summary>The W3C trace context of the producer's span.</summary>
    public string? TraceParent { get; init; }
}
