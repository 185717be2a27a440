namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>One hot write that waits for the next transaction.</summary>
public abstract class WriteOperation
{
    internal long EnqueuedAt { get; set; }

    /// <summary>Whether nobody waits for it at once: outcomes and renewals of what this node holds, its heartbeat.</summary>
    internal bool IsDeferred { get; set; }

    /// <summary>Roughly what it holds in memory while it waits, in bytes.</summary>
    public virtual int Size => 256;

    /// <summary>The row that another transaction may hold (a message, a delivery), by its id; null where there is none, or it is passed over.</summary>
    public virtual object? Row => null;

    /// <summary>Called on the thread pool once the transaction that holds it is durable.</summary>
    internal abstract void Succeed();

    /// <summary>Called on the thread pool when it could not be written; nothing of it is in the store.</summary>
    internal abstract void Fail(Exception exception);
}

/// <summary>One hot write with a result that its step sets while it applies it.</summary>
/// <typeparam name="TResult">What its caller learns once the write is durable.</typeparam>
public abstract class WriteOperation<TResult> : WriteOperation
{
    // The committer completes operations on the thread pool, some at a time: what continues them may run right there.
    private readonly TaskCompletionSource<TResult> completion = new();

    /// <summary>Set by the step, anew at each try.</summary>
    internal TResult Result { get; set; } = default!;

    /// <summary>Completes when the transaction is durable.</summary>
    public Task<TResult> Completion => completion.Task;

    internal override void Succeed() => completion.TrySetResult(Result);

    internal override void Fail(Exception exception) => completion.TrySetException(exception);
}
