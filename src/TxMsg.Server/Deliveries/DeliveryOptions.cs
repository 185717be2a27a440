namespace TxMsg.Server.Deliveries;

/// <summary>How messages reach subscribers: section <c>TxMsg:Deliveries</c>. A subscription may set its own schedule, timeout and concurrency.</summary>
public sealed class DeliveryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "TxMsg:Deliveries";

    /// <summary>The longest an attempt may take.</summary>
    public static TimeSpan MaxTimeout { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The delays between attempts, in seconds, each 0 to 604,800, at most 100; after the last the delivery is a dead letter.
    /// Default: 16 retries from 10 s to 2 h.</summary>
    public double[] RetryScheduleSeconds { get; set; } = [10, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 1200, 1800, 3600, 7200];

    /// <summary>The schedule in force.</summary>
    public IReadOnlyList<double> Schedule => RetryScheduleSeconds;

    /// <summary>How long one attempt may take: connect, headers and body together. 100 ms to 5 min. Default 15 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>For how long a node takes a delivery on before it must renew: 1 s to 1 h. Default 1 min.
    /// What a crashed node held is taken over after at most this long.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many deliveries to one subscription a node has under way at once: 1 to 1,000. Default 16.</summary>
    public int MaxConcurrencyPerSubscription { get; set; } = 16;
}
