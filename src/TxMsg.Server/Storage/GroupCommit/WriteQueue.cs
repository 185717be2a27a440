using System.Diagnostics;

namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>What waits for the committer. Urgent operations have a caller who waits; deferred ones ride along with them,
/// or go alone once the oldest has waited for the linger: that saves a flush of their own for each.</summary>
internal sealed class WriteQueue(int capacity, TimeSpan linger)
{
    // Past this many a deferred set goes without waiting for company.
    private const int DeferredLimit = 512;

    // Payloads of what waits, and of one transaction: memory is bounded by these, not by thousands of payloads at their limit.
    private const long MaxWaitingBytes = 64 * 1024 * 1024;
    private const long MaxBatchBytes = 16 * 1024 * 1024;

    // From so many callers at once on, it is worth letting others arrive; up to so many; in turns of so many yields; for so long.
    private const int FewCallers = 4;
    private const int EnoughForABatch = 1024;
    private const int YieldsPerTurn = 4;
    private static readonly TimeSpan LongestYield = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly AutoResetEvent arrived = new(false);
    private readonly List<WriteOperation> urgent = [];
    private readonly List<WriteOperation> deferred = [];
    private long urgentBytes;
    private int recentCallers;
    private bool deferredTurn;
    private bool completed;

    // Whether somebody writes: the committer, which counts as writing until it first waits, or a leader in its place.
    private bool isWriting = true;

    // Whether the committer was woken and has not looked yet; whether it will look by itself for what is deferred.
    private bool isSignalled;
    private bool hasAlarm;

    /// <summary>How many wait.</summary>
    public int Length
    {
        get
        {
            lock (gate) return urgent.Count + deferred.Count;
        }
    }

    /// <summary>Adds an operation whose caller waits; false when the queue is full or closed. One of this node's own is never refused for
    /// length: what makes them is bounded itself.</summary>
    public bool TryAddUrgent(WriteOperation operation, bool isOwn = false)
    {
        bool wake;
        lock (gate)
        {
            if (completed || (!isOwn && IsFullFor(operation))) return false;
            operation.EnqueuedAt = Stopwatch.GetTimestamp();
            urgent.Add(operation);
            urgentBytes += operation.Size;
            wake = !isWriting && Signal();
        }

        if (wake) arrived.Set();
        return true;
    }

    /// <summary>Makes the caller the leader, who writes <paramref name="operation"/> and what is deferred, at most <paramref name="limit"/>, in
    /// place of the committer, and then calls <see cref="EndLead"/>. Null while somebody writes, and where callers come several at a time: they
    /// share a flush.</summary>
    public List<WriteOperation>? TryLead(WriteOperation operation, int limit)
    {
        if (Volatile.Read(ref isWriting)) return null;
        lock (gate)
        {
            if (isWriting || completed || urgent.Count > 0 || recentCallers > 1) return null;
            isWriting = true;
            operation.EnqueuedAt = Stopwatch.GetTimestamp();
            List<WriteOperation> batch = [operation];
            Move(deferred, batch, limit);
            return batch;
        }
    }

    /// <summary>Gives the committer its place back, and what the leader did not write.</summary>
    public void EndLead(List<WriteOperation> unwritten)
    {
        bool wake;
        lock (gate)
        {
            urgent.InsertRange(0, unwritten.FindAll(static operation => !operation.IsDeferred));
            deferred.InsertRange(0, unwritten.FindAll(static operation => operation.IsDeferred));
            foreach (var operation in unwritten) urgentBytes += operation.IsDeferred ? 0 : operation.Size;
            isWriting = false;
            wake = (urgent.Count > 0 || completed || (deferred.Count > 0 && !hasAlarm)) && Signal();
        }

        if (wake) arrived.Set();
    }

    /// <summary>Adds an operation that nobody waits for at once. Never refused for length: what makes them is bounded itself.</summary>
    public bool TryAddDeferred(WriteOperation operation)
    {
        bool wake;
        lock (gate)
        {
            if (completed) return false;
            operation.EnqueuedAt = Stopwatch.GetTimestamp();
            operation.IsDeferred = true;
            deferred.Add(operation);
            wake = !isWriting && (!hasAlarm || deferred.Count == DeferredLimit) && Signal();
        }

        if (wake) arrived.Set();
        return true;
    }

    /// <summary>Nothing more is taken; what waits is still handed out.</summary>
    public void Complete()
    {
        lock (gate) completed = true;
        arrived.Set();
    }

    /// <summary>Waits for operations and moves them into <paramref name="batch"/>, at most <paramref name="limit"/>;
    /// false when the queue is closed and empty.</summary>
    public bool Take(List<WriteOperation> batch, int limit)
    {
        LetOthersArrive();
        for (var isOwnTurn = true; ; isOwnTurn = false)
        {
            var wait = Timeout.InfiniteTimeSpan;
            lock (gate)
            {
                var isLed = isWriting && !isOwnTurn;
                if (!isLed) wait = TimeToWait();
                if (wait == TimeSpan.Zero)
                {
                    isWriting = true;
                    recentCallers = Math.Max(urgent.Count, recentCallers / 2);
                    var share = UrgentShare(limit);
                    urgentBytes -= Move(urgent, batch, share);
                    Move(deferred, batch, limit);
                    if (share < limit) urgentBytes -= Move(urgent, batch, limit);
                    return true;
                }

                if (completed && !isLed) return false;
                if (!isLed) isWriting = false;
                isSignalled = false;
                hasAlarm = wait != Timeout.InfiniteTimeSpan;
            }

            arrived.WaitOne(wait);
        }
    }

    /// <summary>Moves what waits now into <paramref name="batch"/>, at most <paramref name="limit"/>; false when nothing does.</summary>
    public bool TakeWaiting(List<WriteOperation> batch, int limit)
    {
        lock (gate)
        {
            urgentBytes -= Move(urgent, batch, limit);
            Move(deferred, batch, limit);
        }

        return batch.Count > 0;
    }

    /// <summary>Moves the deferred operations that wait into <paramref name="batch"/>, at most <paramref name="limit"/>; false when none do.</summary>
    public bool TakeDeferred(List<WriteOperation> batch, int limit)
    {
        lock (gate) Move(deferred, batch, limit);
        return batch.Count > 0;
    }

    // While requests are being answered and read, the next ones are about to arrive: giving them the processor first makes
    // fewer, larger transactions. It ends as soon as a turn brings nothing new; alone, that is at once.
    private void LetOthersArrive()
    {
        if (recentCallers < FewCallers) return;
        var began = Stopwatch.GetTimestamp();
        for (var before = -1; ;)
        {
            int now;
            lock (gate) now = urgent.Count;
            if (now == before || now >= EnoughForABatch || Stopwatch.GetElapsedTime(began) > LongestYield) return;
            before = now;
            for (var i = 0; i < YieldsPerTurn; i++) Thread.Yield();
        }
    }

    private bool IsFullFor(WriteOperation operation) =>
        urgent.Count >= capacity || (urgent.Count > 0 && urgentBytes + operation.Size > MaxWaitingBytes);

    // Once until the committer looks again: each costs a switch of threads.
    private bool Signal()
    {
        if (isSignalled) return false;
        return isSignalled = true;
    }

    // Urgent ones first, but without end they must not keep the deferred ones waiting: leases are renewed among those.
    private int UrgentShare(int limit)
    {
        if (urgent.Count < limit || deferred.Count == 0 || Stopwatch.GetElapsedTime(deferred[0].EnqueuedAt) < linger) return limit;
        deferredTurn = !deferredTurn;
        return limit > 1 ? limit / 2 : deferredTurn ? 0 : 1;
    }

    private TimeSpan TimeToWait()
    {
        if (urgent.Count > 0 || deferred.Count >= DeferredLimit) return TimeSpan.Zero;
        if (deferred.Count == 0) return Timeout.InfiniteTimeSpan;
        if (completed) return TimeSpan.Zero;
        var waited = Stopwatch.GetElapsedTime(deferred[0].EnqueuedAt);
        return waited >= linger ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling((linger - waited).TotalMilliseconds));
    }

    // The oldest first, as many as fit; returns their bytes.
    private static long Move(List<WriteOperation> from, List<WriteOperation> batch, int limit)
    {
        var count = 0;
        long bytes = 0;
        while (count < from.Count && batch.Count < limit && (bytes < MaxBatchBytes || count == 0))
        {
            bytes += from[count].Size;
            batch.Add(from[count++]);
        }

        from.RemoveRange(0, count);
        return bytes;
    }
}
