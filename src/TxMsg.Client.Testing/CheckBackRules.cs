namespace TxMsg.Client.Testing;

/// <summary>When a producer is asked again: the coordinator's rule without its jitter.</summary>
internal static class CheckBackRules
{
    private const double FirstSeconds = 30;
    private const double LongestSeconds = 600;
    private const int MaxDoublings = 40;

    /// <summary>30 seconds, doubling each time up to 10 minutes.</summary>
    public static TimeSpan PauseAfter(int checkBacks) =>
        TimeSpan.FromSeconds(Math.Min(FirstSeconds * Math.Pow(2, Math.Min(checkBacks - 1, MaxDoublings)), LongestSeconds));
}
