using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Transactions;

/// <summary>Stores a half message, or an ordinary one.</summary>
public sealed class PrepareOperation(NewMessage message, DateTimeOffset now) : WriteOperation<PrepareOutcome>
{
    public NewMessage Message { get; } = message;

    /// <inheritdoc/>
    public override object Row => Message.Id;

    /// <inheritdoc/>
    public override int Size => Message.Content.Size + 512;

    public long Now { get; } = now.ToUnixTimeMilliseconds();

    /// <summary>The row's number, set by the step.</summary>
    internal long Seq { get; set; }

    /// <summary>An ordinary message: its way to each subscription, set by the step.</summary>
    internal FannedOut? FannedOut { get; set; }

    /// <summary>The state of the message that was there already, set by the step.</summary>
    internal MessageState? ExistingState { get; set; }

    /// <summary>An ordinary message whose half message was there already: what became of the commit that it is.</summary>
    internal VerdictResult? Commit { get; set; }
}
