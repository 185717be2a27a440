namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>One hot write that waits for the next transaction.</summary>
public abstract class WriteOperation
{
    internal long EnqueuedAt { get; set; }

    /// <summary>Called on the committer's thread once the transaction that holds it is durable.</summary>
    internal abstract void Succeed();

    /// <summary>Called on the committer's thread when it could not be written; nothing of it is in the store.</summary>
    internal abstract void Fail(Exception exception);
}

/// <summary>One hot write with a result that its step sets while it applies it.</summary>
/// <typeparam name="TResult">What its caller learns once the write is durable.</typeparam>
public abstract class WriteOperation<TResult> : WriteOperation
{
    // Continuations must not run on the committer's thread: they would hold up the next transaction.
    private readonly TaskCompletionSource<TResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set by the step, anew at each try.</summary>
    internal TResult Result { get; set; } = default!;

    /// <summary>Completes when the transaction is durable.</summary>
    public Task<TResult> Completion => completion.Task;

    internal override void Succeed() => completion.TrySetResult(Result);

    internal override void Fail(Exception exception) => completion.TrySetException(exception);
}
