namespace TxMsg.Server.Deliveries;

/// <summary>When a failed delivery is tried again.</summary>
public static class RetrySchedule
{
    private const double Jitter = 0.1;

    /// <summary>The soonest a receiver may have the next attempt, whatever it asked for: "at once" would be a loop as fast as it fails.</summary>
    public static TimeSpan MinRetryAfter { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest a receiver may put an attempt off.</summary>
    public static TimeSpan MaxRetryAfter { get; } = TimeSpan.FromHours(1);

    /// <summary>The delay after a failed attempt, with +-10 % jitter, or null when the schedule is exhausted.</summary>
    /// <param name="schedule">The delays between attempts, in seconds.</param>
    /// <param name="attempts">How many attempts of this schedule have failed: 1 or more.</param>
    /// <param name="retryAfter">What the receiver asked for: no attempt comes earlier. Less than <see cref="MinRetryAfter"/>, which a date
    /// in the past is too, becomes once to twice that, so that what failed together is not tried again together.</param>
    /// <param name="random">0 to 1: where in the jitter.</param>
    public static TimeSpan? DelayAfter(IReadOnlyList<double> schedule, int attempts, TimeSpan? retryAfter, double random)
    {
        if (attempts > schedule.Count) return null;
        var scheduled = TimeSpan.FromSeconds(schedule[attempts - 1] * (1 - Jitter + 2 * Jitter * random));
        if (retryAfter is not { } asked) return scheduled;
        if (asked < MinRetryAfter) return MinRetryAfter * (1 + random);
        return asked > MaxRetryAfter ? MaxRetryAfter : asked;
    }
}
