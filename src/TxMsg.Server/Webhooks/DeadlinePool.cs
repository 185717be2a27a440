using System.Collections.Concurrent;
using TxMsg.Server.Hosting;

namespace TxMsg.Server.Webhooks;

/// <summary>Reuses the timers of deadlines: thousands a second start and nearly all are met.</summary>
internal sealed class DeadlinePool(TimeProvider time)
{
    private const int MaxFree = 1024;

    // only sources on the system clock can be reset
    private readonly bool _reuses = ReferenceEquals(SteadyClock.WallOf(time), TimeProvider.System);
    private readonly ConcurrentQueue<CancellationTokenSource> _free = new();
    private int _freeCount;

    public CancellationTokenSource Start(TimeSpan timeout)
    {
        if (!_reuses)
        {
            return new CancellationTokenSource(timeout, time);
        }

        if (_free.TryDequeue(out var source))
        {
            Interlocked.Decrement(ref _freeCount);
        }
        else
        {
            source = new CancellationTokenSource();
        }

        source.CancelAfter(timeout);
        return source;
    }

    /// <summary>Takes a source back that nobody will cancel any more.</summary>
    public void Return(CancellationTokenSource source)
    {
        if (_reuses && Volatile.Read(ref _freeCount) < MaxFree && source.TryReset())
        {
            Interlocked.Increment(ref _freeCount);
            _free.Enqueue(source);
            return;
        }

        source.Dispose();
    }
}
