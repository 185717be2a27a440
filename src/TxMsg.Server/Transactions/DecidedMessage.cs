using TxMsg.Server.Deliveries;

namespace TxMsg.Server.Transactions;

/// <summary>A message as the verdict's statement returned it.</summary>
public sealed class DecidedMessage
{
    public required long Seq { get; init; }

    public required Guid Id { get; init; }

    public required long ProducerId { get; init; }

    public required string Topic { get; init; }

    public string? Key { get; init; }

    public string? Tag { get; init; }

    public string? OrderingKey { get; init; }

    public required long DelayMs { get; init; }

    public string? TraceParent { get; init; }

    public required long PreparedAt { get; init; }

    public required int CheckBacks { get; init; }

    /// <summary>The content, if this node still had it in memory.</summary>
    public MessageContent? Content { get; init; }

    /// <summary>A committed message's way to each subscription.</summary>
    public FannedOut? FannedOut { get; set; }
}
