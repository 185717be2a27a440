using FluentAssertions;
using NUnit.Framework;
using OpenTelemetry.Metrics;
using OpenTelemetry;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Observability;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Observability;

[NonParallelizable]
public sealed class RecordingTests
{
    private static readonly WebhookResult Acknowledged = new() { Outcome = WebhookOutcome.Answered, Status = 200 };

    private static readonly LeasedDelivery Delivery = new()
    {
        MessageSeq = 1, MessageId = Guid.NewGuid(), ProducerId = 1, SubscriptionId = 1, Topic = "orders", CommittedAt = 0, LeaseToken = 1, LeasedUntil = 0,
    };

    [Test]
    public void Recording_WhileItIsCollected_AllocatesNothing()
    {
        const int transactions = 10_000;
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(CoordinatorMetrics.MeterName)
            .AddReader(new BaseExportingMetricReader(new NoExporter())).Build();
        for (var i = 0; i < 1000; i++) RecordTransaction();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < transactions; i++) RecordTransaction();
        var elapsed = TimeProvider.System.GetElapsedTime(began);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Out.WriteLine($"{elapsed.TotalNanoseconds / transactions:F0} ns and {(double)allocated / transactions:F2} bytes a transaction");
        allocated.Should().BeLessThan(transactions, "nothing is allocated for a transaction");
    }

    // What the history adds to a transaction, from as many threads as there are processors.
    [Test]
    public void CountingForTheHistory_LosesNothingAndAllocatesNothing()
    {
        const int transactions = 200_000;
        var totals = new RunningTotals();
        for (var i = 0; i < 1000; i++) Count(totals);
        var before = totals.Read();

        var allocated = new long[Environment.ProcessorCount];
        var began = TimeProvider.System.GetTimestamp();
        var threads = Enumerable.Range(0, allocated.Length).Select(thread => new Thread(() =>
        {
            var atFirst = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < transactions; i++) Count(totals);
            allocated[thread] = GC.GetAllocatedBytesForCurrentThread() - atFirst;
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        var elapsed = TimeProvider.System.GetElapsedTime(began);

        TestContext.Out.WriteLine($"{elapsed.TotalNanoseconds / transactions:F0} ns a transaction on each of {threads.Length} threads");
        allocated.Should().OnlyContain(bytes => bytes == 0);
        var after = totals.Read();
        foreach (var total in (Total[])[Total.Prepared, Total.Committed, Total.Delivered]) (after[(int)total] - before[(int)total]).Should().Be(transactions * threads.Length);
        (after[RunningTotals.Totals + LatencyBuckets.Of(3)] - before[RunningTotals.Totals + LatencyBuckets.Of(3)]).Should().Be(transactions * threads.Length);
    }

    private static void Count(RunningTotals totals)
    {
        totals.Count(Total.Prepared);
        totals.Count(Total.Committed);
        totals.Count(Total.Delivered);
        totals.CountLatency(3);
    }

    private static void RecordTransaction()
    {
        var elapsed = TimeSpan.FromMilliseconds(3);
        CoordinatorMetrics.RecordPrepare(PrepareOutcome.Created, false, elapsed);
        CoordinatorMetrics.RecordVerdict(Verdict.Commit, VerdictSource.Producer, VerdictOutcome.Decided, elapsed);
        CoordinatorMetrics.RecordAttempt(DeliveryEvent.Acknowledge, Acknowledged, Delivery, DateTimeOffset.UnixEpoch);
    }

    private sealed class NoExporter : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
