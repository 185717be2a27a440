using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>The last step: may break a transaction when all its rows are written and nothing is committed, or hold it open.</summary>
internal sealed class BreakStep : WriteStep
{
    /// <summary>What it does to each transaction; by default nothing.</summary>
    public Action OnApply { get; set; } = static () => { };

    internal override Type OperationType => typeof(BreakStep);

    internal override int Count => 0;

    internal override void Add(WriteOperation operation) => throw new NotSupportedException();

    internal override void Apply(WriteSession session) => OnApply();

    internal override void Rollback()
    {
    }

    internal override void Clear()
    {
    }
}
