using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.CheckBacks;

/// <summary>Records one check-back: the try itself and, where it brought no verdict, when to ask again or that the message is parked.
/// True when it was parked by this.</summary>
public sealed class CheckBackRecord(OverdueMessage message) : WriteOperation<bool>
{
    public OverdueMessage Message { get; } = message;

    /// <inheritdoc/>
    public override object Row => Message.MessageId;

    public required CheckBackAnswer Answer { get; init; }

    /// <summary>The state it leads to; a verdict is stored by an operation of its own.</summary>
    public required MessageState State { get; init; }

    /// <summary>When to ask again, in Unix milliseconds.</summary>
    public long? NextAt { get; init; }

    /// <summary>When it was asked, in Unix milliseconds.</summary>
    public required long At { get; init; }

    public required string Url { get; init; }

    public int? Status { get; init; }

    public required long LatencyMs { get; init; }

    public string? Error { get; init; }
}
