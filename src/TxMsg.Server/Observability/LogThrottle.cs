namespace TxMsg.Server.Observability;

/// <summary>Lets something be said at most once an interval, and counts what was not said: what can happen thousands of times a second
/// must not fill the disk.</summary>
internal sealed class LogThrottle(TimeSpan interval, TimeProvider time)
{
    /// <summary>For what fails over and over while the store does.</summary>
    public static readonly TimeSpan OfFailures = TimeSpan.FromSeconds(10);

    private readonly Lock access = new();
    private long? last;
    private int since;

    /// <summary>Whether to say so now; then with how many, those that were not said included.</summary>
    public bool TryTake(out int count, int amount = 1)
    {
        lock (access)
        {
            var now = time.GetTimestamp();
            count = since += amount;
            if (last is { } before && time.GetElapsedTime(before, now) < interval) return false;
            (last, since) = (now, 0);
            return true;
        }
    }
}
