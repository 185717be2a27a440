namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>Tells the relay of this process that there may be something to send.</summary>
internal sealed class LocalMessageSignal
{
    private TaskCompletionSource raised = New();

    public void Raise() => Volatile.Read(ref raised).TrySetResult();

    /// <summary>Waits until it is raised, or was since the last wait, but no longer than the limit. Whether it was.</summary>
    public async Task<bool> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var signal = Volatile.Read(ref raised).Task;
        await Task.WhenAny(signal, Task.Delay(limit, time, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (!signal.IsCompleted) return false;
        Volatile.Write(ref raised, New());
        return true;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
