namespace TxMsg.Server.Deliveries;

/// <summary>When a failed delivery is tried again.</summary>
public static class RetrySchedule
{
    private const double Jitter = 0.1;

    /// <summary>The longest a receiver may put an attempt off.</summary>
    public static TimeSpan MaxRetryAfter { get; } = TimeSpan.FromHours(1);

    /// <summary>The delay after a failed attempt, with +-10 % jitter, or null when the schedule is exhausted.</summary>
    /// <param name="schedule">The delays between attempts, in seconds.</param>
    /// <param name="attempts">How many attempts of this schedule have failed: 1 or more.</param>
    /// <param name="retryAfter">What the receiver asked for: no attempt comes earlier.</param>
    /// <param name="random">0 to 1: where in the jitter.</param>
    public static TimeSpan? DelayAfter(IReadOnlyList<double> schedule, int attempts, TimeSpan? retryAfter, double random)
    {
        if (attempts > schedule.Count) return null;
        var scheduled = TimeSpan.FromSeconds(schedule[attempts - 1] * (1 - Jitter + 2 * Jitter * random));
        if (retryAfter is not { } asked) return scheduled;
        return asked > MaxRetryAfter ? MaxRetryAfter : asked;
    }
}
