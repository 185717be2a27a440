namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>Waits that double from the least to the most, each shortened by up to a half at random, so that instances do not go in step.</summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max)
{
    private const int MaxDoublings = 40;

    /// <summary>The wait after so many failures in a row, at least one.</summary>
    public TimeSpan After(int failures) => Longest(failures) * (1 - Random.Shared.NextDouble() / 2);

    /// <summary>The longest that this wait can be.</summary>
    public TimeSpan Longest(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(min.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, MaxDoublings)), max.TotalMilliseconds));
}
