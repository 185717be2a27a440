using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Transactions;

/// <summary>Stores a verdict and, with a commit, the message's fan-out.</summary>
public sealed class VerdictOperation(Guid id, Verdict verdict, VerdictSource source, DateTimeOffset now) : WriteOperation<VerdictResult>
{
    public Guid Id { get; } = id;

    /// <inheritdoc/>
    public override object Row => Id;

    public Verdict Verdict { get; } = verdict;

    public VerdictSource Source { get; } = source;

    public long Now { get; } = now.ToUnixTimeMilliseconds();

    /// <summary>Kept beside the verdict.</summary>
    public string? Reason { get; init; }

    /// <summary>An operator's verdict: who.</summary>
    public string? Actor { get; init; }

    /// <summary>The bulk action that it is a part of.</summary>
    public long? BulkActionSeq { get; init; }

    /// <summary>The only producer whose messages the caller may decide; null: any.</summary>
    public long? OnlyProducerId { get; init; }

    /// <summary>What prepared the message, if this node still has it in memory.</summary>
    internal PrepareOperation? Cached { get; init; }
}
