using System.Diagnostics.Metrics;

namespace TxMsg.Server.Observability;

/// <summary>Where the buckets of histograms end. The SDK's own begin at 5 and are meant for milliseconds.</summary>
internal static class Buckets
{
    private static readonly double[] Fast = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Half a millisecond to ten seconds: what a caller waits for.</summary>
    public static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = Fast };

    /// <summary>Half a millisecond to a day: a retry may come hours later.</summary>
    public static readonly InstrumentAdvice<double> LongSeconds = new()
    {
        HistogramBucketBoundaries = [.. Fast, 30, 60, 300, 900, 3600, 7200, 21600, 86400],
    };

    /// <summary>1 to the largest batch of the group committer.</summary>
    public static readonly InstrumentAdvice<long> BatchSizes = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048],
    };
}
