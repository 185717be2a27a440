namespace TxMsg.Server.Storage;

/// <summary>A read that many ask for: it runs once for all who ask meanwhile, and its result is given out for a while. What it fails
/// with is not kept.</summary>
/// <remarks>No caller's cancellation ends it: the others wait for it too.</remarks>
public sealed class SharedRead<T>(Func<Task<T>> read, TimeSpan keptFor, TimeProvider time)
{
    private readonly Lock gate = new();
    private Task<T>? current;
    private Task<T>? next;
    private long currentAt;

    /// <summary>The result of a read that began at most <c>keptFor</c> ago, or is under way.</summary>
    public Task<T> GetAsync(CancellationToken cancellationToken) => GetAsync(fresh: false, cancellationToken);

    /// <summary>The result of a read.</summary>
    /// <param name="fresh">Only of one that begins from now on: what was written before is in it.</param>
    /// <param name="cancellationToken">Ends the wait, not the read.</param>
    public Task<T> GetAsync(bool fresh, CancellationToken cancellationToken)
    {
        Task<T> chosen;
        lock (gate) chosen = Choose(fresh);
        return chosen.WaitAsync(cancellationToken);
    }

    private Task<T> Choose(bool fresh)
    {
        if (current is { IsCompleted: false } running) return fresh ? next ??= AfterAsync(running) : running;
        var isKept = current is { IsCompletedSuccessfully: true } && time.GetElapsedTime(currentAt) < keptFor;
        return isKept && !fresh ? current! : Start();
    }

    // At most one waits behind one that runs, however many ask.
    private async Task<T> AfterAsync(Task<T> running)
    {
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<T> started;
        lock (gate)
        {
            next = null;
            started = Start();
        }

        return await started;
    }

    // On the thread pool: the embedded store reads synchronously.
    private Task<T> Start()
    {
        currentAt = time.GetTimestamp();
        return current = Task.Run(read);
    }
}
