namespace TxMsg.Server.Tests.Hosting;

/// <summary>A machine's clock, which can be set while time passes.</summary>
internal sealed class Wall : TimeProvider
{
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => passed.Ticks;

    public void Pass(TimeSpan time, TimeSpan setBy)
    {
        passed += time;
        now += time + setBy;
    }
}
