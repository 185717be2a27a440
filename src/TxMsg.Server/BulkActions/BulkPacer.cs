namespace TxMsg.Server.BulkActions;

/// <summary>Keeps a bulk action to its rate: batches of a fraction of a second, and no catching up after a pause.</summary>
internal sealed class BulkPacer(int perSecond, TimeProvider time)
{
    private const int BatchesASecond = 5;
    private const int MaxBatch = 100;

    private long next = time.GetTimestamp();

    /// <summary>How many go at once.</summary>
    public int BatchSize { get; } = Math.Clamp(perSecond / BatchesASecond, 1, MaxBatch);

    /// <summary>Waits until so many may go.</summary>
    public async Task WaitAsync(int count, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        if (next > now) await Task.Delay(time.GetElapsedTime(now, next), time, cancellationToken);
        // From when they may go: waking late is no reason to hurry.
        next = Math.Max(time.GetTimestamp(), next) + TimeOf(count);
    }

    /// <summary>They have gone: the next may follow after their time, however long it took to do it.</summary>
    public void Went(int count) => next = Math.Max(next, time.GetTimestamp() + TimeOf(count));

    private long TimeOf(int count) => (long)((double)count / perSecond * time.TimestampFrequency);
}
