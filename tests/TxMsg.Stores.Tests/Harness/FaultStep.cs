using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>The last step: breaks a transaction when all its rows are written and nothing is committed.</summary>
internal sealed class FaultStep : WriteStep
{
    public bool Breaks { get; set; }

    internal override Type OperationType => typeof(FaultStep);

    internal override int Count => 0;

    internal override void Add(WriteOperation operation) => throw new NotSupportedException();

    internal override void Apply(WriteSession session)
    {
        if (Breaks) throw new InvalidOperationException("The test broke the transaction.");
    }

    internal override void Rollback()
    {
    }

    internal override void Clear()
    {
    }
}
