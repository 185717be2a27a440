using System.Globalization;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Processes;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Sdk;

/// <summary>Measures what a message adds to an order's transaction: in every round each way at each number of callers, in turn,
/// so that what else the machine does falls on all of them.</summary>
internal sealed class SdkCommand(SdkOptions options)
{
    private const int PayloadBytes = 512;

    public int Run(CancellationToken stop)
    {
        // SQLite's calls block; a pool that has to grow first would be measured instead of them.
        ThreadPool.SetMinThreads(options.Callers.Max() + Environment.ProcessorCount + 2, Environment.ProcessorCount);
        using var work = new WorkDirectory(options.OutputDirectory);
        var measurer = new SdkMeasurer(options, new ServerLauncher(ServerAssembly.Find(options.ServerAssembly), PayloadBytes), work, stop);
        var flushes = AppendFlushProbe.Milliseconds(work.FullPath);
        var measurements = MeasureAllAsync(measurer).GetAwaiter().GetResult();
        flushes = [.. flushes, .. AppendFlushProbe.Milliseconds(work.FullPath)];
        var report = SdkReport.Of(measurements, Machine.Describe(work.Format), Median.Of(flushes));
        report.Write(options.OutputDirectory);
        Say($"\n{report.Render()}");
        return 0;
    }

    private async Task<List<SdkMeasurement>> MeasureAllAsync(SdkMeasurer measurer)
    {
        var measurements = new List<SdkMeasurement>();
        for (var round = 1; round <= options.Rounds; round++)
            foreach (var callers in options.Callers)
                foreach (var way in Turns.Of(OrderWay.All, round))
                {
                    var measured = await measurer.MeasureAsync(way, callers, round);
                    measurements.Add(measured);
                    Say($"round {round}, {callers,3} callers, {way.Name,-8}{measured.OrdersPerSecond,9:F0} orders/s, p50/p99 {measured.Latency.P50Milliseconds:F2}/{measured.Latency.P99Milliseconds:F2} ms, {measured.Orders} orders, drained in {measured.DrainSeconds:F1} s");
                }

        return measurements;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
