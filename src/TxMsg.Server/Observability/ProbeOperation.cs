using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Observability;

/// <summary>Goes through the group committer to see that it still works.</summary>
/// <param name="mustWrite">True to write a row: after a fault of the store only a write that succeeds shows that it takes
/// writes again, and a server that is not ready gets no other.</param>
public sealed class ProbeOperation(bool mustWrite) : WriteOperation<bool>
{
    public bool MustWrite { get; } = mustWrite;
}
