using System.Diagnostics;

namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>What waits for the committer. Urgent operations have a caller who waits; deferred ones ride along with them,
/// or go alone once the oldest has waited for the linger: that saves a flush of their own for each.</summary>
internal sealed class WriteQueue(int capacity, TimeSpan linger)
{
    // Past this many a deferred set goes without waiting for company.
    private const int DeferredLimit = 512;

    private readonly Lock gate = new();
    private readonly AutoResetEvent arrived = new(false);
    private List<WriteOperation> urgent = [];
    private List<WriteOperation> deferred = [];
    private bool idle;
    private bool completed;

    /// <summary>How many wait.</summary>
    public int Length
    {
        get
        {
            lock (gate) return urgent.Count + deferred.Count;
        }
    }

    /// <summary>Adds an operation whose caller waits; false when the queue is full or closed.</summary>
    public bool TryAddUrgent(WriteOperation operation)
    {
        bool wake;
        lock (gate)
        {
            if (completed || urgent.Count >= capacity) return false;
            operation.EnqueuedAt = Stopwatch.GetTimestamp();
            urgent.Add(operation);
            wake = idle;
            idle = false;
        }

        if (wake) arrived.Set();
        return true;
    }

    /// <summary>Adds an operation that nobody waits for at once. Never refused for length: what makes them is bounded itself.</summary>
    public bool TryAddDeferred(WriteOperation operation)
    {
        bool wake;
        lock (gate)
        {
            if (completed) return false;
            operation.EnqueuedAt = Stopwatch.GetTimestamp();
            deferred.Add(operation);
            wake = idle && (deferred.Count == 1 || deferred.Count == DeferredLimit);
            if (wake) idle = false;
        }

        if (wake) arrived.Set();
        return true;
    }

    /// <summary>Nothing more is taken; what waits is still handed out.</summary>
    public void Complete()
    {
        lock (gate)
        {
            completed = true;
            idle = false;
        }

        arrived.Set();
    }

    /// <summary>Waits for operations and moves them into <paramref name="batch"/>, at most <paramref name="limit"/>;
    /// false when the queue is closed and empty.</summary>
    public bool Take(List<WriteOperation> batch, int limit)
    {
        while (true)
        {
            TimeSpan wait;
            lock (gate)
            {
                wait = TimeToWait();
                if (wait == TimeSpan.Zero)
                {
                    Move(ref urgent, batch, limit);
                    Move(ref deferred, batch, limit - batch.Count);
                    return true;
                }

                if (completed) return false;
                idle = true;
            }

            arrived.WaitOne(wait);
        }
    }

    private TimeSpan TimeToWait()
    {
        if (urgent.Count > 0 || deferred.Count >= DeferredLimit) return TimeSpan.Zero;
        if (deferred.Count == 0) return Timeout.InfiniteTimeSpan;
        if (completed) return TimeSpan.Zero;
        var waited = Stopwatch.GetElapsedTime(deferred[0].EnqueuedAt);
        return waited >= linger ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling((linger - waited).TotalMilliseconds));
    }

    private static void Move(ref List<WriteOperation> from, List<WriteOperation> batch, int limit)
    {
        if (from.Count == 0 || limit <= 0) return;
        if (from.Count <= limit)
        {
            batch.AddRange(from);
            from.Clear();
            return;
        }

        batch.AddRange(from.Take(limit));
        from.RemoveRange(0, limit);
    }
}
