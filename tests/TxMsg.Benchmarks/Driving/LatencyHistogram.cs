using System.Diagnostics;
using System.Numerics;

namespace TxMsg.Benchmarks.Driving;

/// <summary>Counts by latency in buckets 1/64 wide, from a nanosecond up: any number of values in 30 KB. Any thread may record.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly Lock gate = new();
    private readonly long[] counts = new long[SubBuckets * (64 - SubBucketBits)];

    public long Count { get; private set; }

    public void Record(long from, long to)
    {
        var bucket = BucketOf(Math.Max(0, (long)Stopwatch.GetElapsedTime(from, to).TotalNanoseconds));
        lock (gate)
        {
            counts[bucket]++;
            Count++;
        }
    }

    public LatencySummary Summarize()
    {
        lock (gate)
            return new LatencySummary(Milliseconds(0.50), Milliseconds(0.99), Milliseconds(1.0));
    }

    private double Milliseconds(double quantile)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(Count * quantile));
        var seen = 0L;
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            seen += counts[bucket];
            if (seen >= wanted)
                return MiddleOf(bucket) / 1e6;
        }

        return 0;
    }

    private static int BucketOf(long nanoseconds)
    {
        if (nanoseconds < 2 * SubBuckets)
            return (int)nanoseconds;
        var shift = BitOperations.Log2((ulong)nanoseconds) - SubBucketBits;
        return shift * SubBuckets + (int)(nanoseconds >> shift);
    }

    private static double MiddleOf(int bucket)
    {
        if (bucket < 2 * SubBuckets)
            return bucket;
        var shift = bucket / SubBuckets - 1;
        return ((bucket - shift * SubBuckets) + 0.5) * (1L << shift);
    }
}
