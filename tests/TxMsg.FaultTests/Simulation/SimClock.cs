namespace TxMsg.FaultTests.Simulation;

/// <summary>The time of a simulated world, and what is to happen in it: one thing after the other, those of one moment in the order
/// in which they were asked for. No time passes while something happens.</summary>
internal sealed class SimClock : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 11, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (long Ticks, long Number)> agenda = new();
    private long ticks;
    private long number;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Unix milliseconds, as the store keeps times.</summary>
    public long Now => GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Since the world began.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(ticks);

    public override DateTimeOffset GetUtcNow() => Epoch + Elapsed;

    public override long GetTimestamp() => ticks;

    /// <summary>Something that happens later.</summary>
    public void After(TimeSpan delay, Action action) => agenda.Enqueue(action, (ticks + Math.Max(0, delay.Ticks), ++number));

    /// <summary>Lets the next thing happen, if it is due by then; else only the time passes.</summary>
    public bool Next(TimeSpan until)
    {
        if (!agenda.TryPeek(out _, out var due) || due.Ticks > until.Ticks)
        {
            ticks = Math.Max(ticks, until.Ticks);
            return false;
        }

        ticks = Math.Max(ticks, due.Ticks);
        agenda.Dequeue()();
        return true;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimTimer(SimClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var current = ++version;
            if (dueTime != Timeout.InfiniteTimeSpan) clock.After(dueTime, () => Fire(current, period));
            return true;
        }

        public void Dispose() => version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(long current, TimeSpan period)
        {
            if (current != version) return;
            if (period > TimeSpan.Zero) Change(period, period);
            callback(state);
        }
    }
}
