using System.Numerics;

namespace TxMsg.Server.Observability;

/// <summary>The buckets that latencies are counted in, in milliseconds: 0, 1, 2, 3, and from 4 on four of the same width in each
/// doubling: 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, ... up to 4,194,304 (70 minutes), where the last one begins. So a quantile is wrong by
/// a quarter at the very most. The numbers of the buckets stand in the store: they never change.</summary>
public static class LatencyBuckets
{
    /// <summary>How many there are.</summary>
    public const int Count = (LargestOctave * Steps) + 1;

    // 2^22 ms is where the last one begins.
    private const int LargestOctave = 21;
    private const int Steps = 4;

    /// <summary>The bucket of a latency.</summary>
    public static int Of(long milliseconds)
    {
        if (milliseconds < Steps) return (int)Math.Max(0, milliseconds);
        var octave = BitOperations.Log2((ulong)milliseconds);
        return Math.Min(Count - 1, ((octave - 1) * Steps) + (int)((milliseconds >> (octave - 2)) & (Steps - 1)));
    }

    /// <summary>Where a bucket begins; it ends where the next one begins.</summary>
    public static long LowerMilliseconds(int bucket) => bucket < Steps ? bucket : (long)(Steps + (bucket % Steps)) << ((bucket / Steps) - 1);

    /// <summary>The latency that this part of all does not exceed, in seconds, or null where there are none.</summary>
    /// <param name="counts">How many are in each bucket.</param>
    /// <param name="part">0.5 is the median.</param>
    public static double? QuantileSeconds(ReadOnlySpan<long> counts, double part)
    {
        long total = 0;
        foreach (var count in counts) total += count;
        if (total == 0) return null;
        var rank = part * total;
        double below = 0;
        for (var bucket = 0; bucket < Count; bucket++)
        {
            if (counts[bucket] == 0) continue;
            if (below + counts[bucket] >= rank) return Within(bucket, (rank - below) / counts[bucket]) / 1000;
            below += counts[bucket];
        }

        return LowerMilliseconds(Count - 1) / 1000.0;
    }

    // As if they were spread evenly over their bucket. The last one has no end.
    private static double Within(int bucket, double part)
    {
        var lower = LowerMilliseconds(bucket);
        return bucket == Count - 1 ? lower : lower + (part * (LowerMilliseconds(bucket + 1) - lower));
    }
}
