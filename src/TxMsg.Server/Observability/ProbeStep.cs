using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Observability;

/// <summary>Applies probes: an empty transaction, or one counted row.</summary>
public sealed class ProbeStep : WriteStep<ProbeOperation>
{
    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<ProbeOperation> operations)
    {
        foreach (var operation in operations)
        {
            operation.Result = true;
            if (operation.MustWrite) session.Count("probes", 1);
        }
    }
}
