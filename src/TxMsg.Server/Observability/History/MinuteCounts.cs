using System.Globalization;
using System.Text;

namespace TxMsg.Server.Observability.History;

/// <summary>What was counted in some time: the numbers of <see cref="RunningTotals"/>.</summary>
public sealed class MinuteCounts
{
    private readonly long[] numbers = new long[RunningTotals.Length];

    /// <summary>How often this happened.</summary>
    public long this[Total total]
    {
        get => numbers[(int)total];
        set => numbers[(int)total] = value;
    }

    /// <summary>How many deliveries are in each of <see cref="LatencyBuckets"/>.</summary>
    public Span<long> Latencies => numbers.AsSpan(RunningTotals.Totals);

    /// <summary>Adds what happened between two readings; false when that was nothing.</summary>
    public bool AddDifference(ReadOnlySpan<long> before, ReadOnlySpan<long> after)
    {
        var changed = false;
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] += after[i] - before[i];
            changed |= after[i] != before[i];
        }

        return changed;
    }

    /// <summary>Adds what another one counted.</summary>
    public void Add(MinuteCounts other)
    {
        for (var i = 0; i < numbers.Length; i++) numbers[i] += other.numbers[i];
    }

    /// <summary>The latencies as they stand in the store; null for none.</summary>
    public string? FormatLatencies()
    {
        var text = new StringBuilder();
        for (var bucket = 0; bucket < Latencies.Length; bucket++)
        {
            if (Latencies[bucket] == 0) continue;
            if (text.Length > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{bucket}:{Latencies[bucket]}");
        }

        return text.Length == 0 ? null : text.ToString();
    }

    /// <summary>Adds latencies as they stand in the store. Buckets that this version does not know count as the longest.</summary>
    /// <remarks>By hand, a character at a time: a week has hundreds of thousands of these numbers.</remarks>
    public void AddLatencies(ReadOnlySpan<char> stored)
    {
        var latencies = Latencies;
        long bucket = 0, number = 0;
        foreach (var character in stored)
        {
            if (char.IsAsciiDigit(character))
            {
                number = (number * 10) + (character - '0');
                continue;
            }

            if (character == ':') bucket = number;
            else latencies[(int)Math.Min(bucket, LatencyBuckets.Count - 1)] += number;
            number = 0;
        }

        latencies[(int)Math.Min(bucket, LatencyBuckets.Count - 1)] += number;
    }
}
