namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>One kind of hot write, applied set by set inside the committer's transaction.</summary>
public abstract class WriteStep
{
    internal abstract Type OperationType { get; }

    internal abstract int Count { get; }

    internal abstract void Add(WriteOperation operation);

    internal abstract void Apply(WriteSession session);

    internal abstract void Rollback();

    internal abstract void Clear();
}

/// <summary>One kind of hot write, applied set by set inside the committer's transaction. Only the committer's thread calls it.</summary>
/// <typeparam name="TOperation">The operation it applies.</typeparam>
public abstract class WriteStep<TOperation> : WriteStep
    where TOperation : WriteOperation
{
    private readonly List<TOperation> pending = [];

    internal sealed override Type OperationType => typeof(TOperation);

    internal sealed override int Count => pending.Count;

    internal sealed override void Add(WriteOperation operation) => pending.Add((TOperation)operation);

    internal sealed override void Apply(WriteSession session)
    {
        if (pending.Count > 0) Apply(session, pending);
    }

    internal sealed override void Rollback()
    {
        if (pending.Count > 0) Rollback(pending);
    }

    internal sealed override void Clear() => pending.Clear();

    /// <summary>Writes the operations and sets their results. May be called again for the same ones after <see cref="Rollback(IReadOnlyList{TOperation})"/>.</summary>
    protected abstract void Apply(WriteSession session, IReadOnlyList<TOperation> operations);

    /// <summary>The transaction did not commit: gives back what <see cref="Apply(WriteSession, IReadOnlyList{TOperation})"/> took outside the store.</summary>
    protected virtual void Rollback(IReadOnlyList<TOperation> operations)
    {
    }
}
