using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Tests.Observability;

public sealed class LatencyBucketsTests
{
    [Test]
    public void Buckets_CoverEveryLatencyOnce()
    {
        for (var bucket = 0; bucket < LatencyBuckets.Count; bucket++)
        {
            var lower = LatencyBuckets.LowerMilliseconds(bucket);
            LatencyBuckets.Of(lower).Should().Be(bucket);
            if (bucket > 0) LatencyBuckets.Of(lower - 1).Should().Be(bucket - 1);
        }
    }

    [TestCase(-5, 0)]
    [TestCase(3_599_999, 82)]
    [TestCase(4_194_304, 84)]
    [TestCase(long.MaxValue, 84)]
    public void Of_AtTheEnds_StaysWithin(long milliseconds, int bucket) => LatencyBuckets.Of(milliseconds).Should().Be(bucket);

    // What is stored is read by later versions, too.
    [Test]
    public void Bounds_NeverChange() =>
        Enumerable.Range(0, 18).Select(LatencyBuckets.LowerMilliseconds).Should().Equal(0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40);

    [Test]
    public void Quantile_OfNothing_IsNone() => LatencyBuckets.QuantileSeconds(new long[LatencyBuckets.Count], 0.5).Should().BeNull();

    [TestCase(0.5)]
    [TestCase(0.99)]
    public void Quantile_IsNearThatOfTheLatenciesThemselves(double part)
    {
        var random = new Random(7);
        var latencies = Enumerable.Range(0, 5000).Select(_ => (long)Math.Exp(random.NextDouble() * 13)).Order().ToArray();
        var counts = new long[LatencyBuckets.Count];
        foreach (var latency in latencies) counts[LatencyBuckets.Of(latency)]++;

        var exact = latencies[(int)(part * latencies.Length)] / 1000.0;

        LatencyBuckets.QuantileSeconds(counts, part).Should().BeInRange(exact * 0.9, exact * 1.1);
    }
}
