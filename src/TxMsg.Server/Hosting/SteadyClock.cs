namespace TxMsg.Server.Hosting;

/// <summary>Wall time without leaps, for a node that shares its store with no other: its leases, due times, pauses and ages go by it. When the
/// machine's clock is set, this one goes on as it did and then closes in on it, a tenth faster or slower than time.</summary>
/// <remarks>Nobody can tell whether the clock was wrong before or is wrong now. A leap forward that was believed would make every retry and every
/// check-back due at once and everything finished old enough to be purged; a leap back would let whatever is due wait for as long as the leap is.
/// What others compare with their own clocks, timestamps of signatures and dates of receivers, goes by the machine's (<see cref="WallOf"/>).</remarks>
public sealed partial class SteadyClock(TimeProvider wall, ILogger<SteadyClock> logger) : TimeProvider
{
    /// <summary>A difference that is no leap: what a clock is adjusted by as it runs, and how late one look may be after another.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private const long Slowness = 10;

    private readonly Lock gate = new();
    private long lookedAt = wall.GetTimestamp();
    private DateTimeOffset seen = wall.GetUtcNow();
    private TimeSpan ahead;

    /// <inheritdoc/>
    public override long TimestampFrequency => wall.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => wall.LocalTimeZone;

    /// <summary>The machine's clock, where this one may differ from it.</summary>
    public static TimeProvider WallOf(TimeProvider time) => time is SteadyClock steady ? steady.Wall : time;

    private TimeProvider Wall => wall;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            var (now, timestamp) = (wall.GetUtcNow(), wall.GetTimestamp());
            var elapsed = wall.GetElapsedTime(lookedAt, timestamp);
            var leap = now - seen - elapsed;
            (seen, lookedAt) = (now, timestamp);
            if (leap.Duration() > Tolerance)
            {
                ahead -= leap;
                LogLeap(leap, ahead);
            }

            if (ahead != TimeSpan.Zero)
            {
                var closer = elapsed / Slowness;
                ahead = ahead.Duration() <= closer ? TimeSpan.Zero : ahead > TimeSpan.Zero ? ahead - closer : ahead + closer;
            }

            return now + ahead;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => wall.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => wall.CreateTimer(callback, state, dueTime, period);

    [LoggerMessage(1021, LogLevel.Warning, "The machine's clock was set by {Leap}. This node goes on as before, {Ahead} ahead of it, and closes in by six minutes an hour; a restart takes the machine's time at once")]
    private partial void LogLeap(TimeSpan leap, TimeSpan ahead);
}
