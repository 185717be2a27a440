using System.Globalization;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Processes;
using TxMsg.Benchmarks.Receiving;

namespace TxMsg.Benchmarks.Measuring;

/// <summary>Drives a server that runs already, under a profiler for example, once.</summary>
internal sealed class DriveCommand(DriveOptions options)
{
    private static readonly TimeSpan LateDeliveries = TimeSpan.FromSeconds(1);

    public int Run(CancellationToken stop)
    {
        using var driver = new Driver(options.Driver, options.Url, options.ReceiverPort, options.PayloadBytes);
        using var http = new HttpClient { BaseAddress = options.Url };
        Setup.WaitUntilReady(http, () => true, stop);
        driver.Deliveries.Signatures = new SignatureSample(Setup.Register(http, driver.Endpoint, stop));

        var before = Usage();
        var result = driver.Run(options.Connections, options.Limits, stop);
        _ = driver.WaitUntil(() => false, LateDeliveries, stop);
        driver.CheckExactlyOnce();
        Print(result, before, Usage());
        return 0;
    }

    private ProcessUsage? Usage() => options.ServerProcessId is { } id ? ProcessUsage.Of(id) : null;

    private void Print(DriveResult result, ProcessUsage? before, ProcessUsage? after)
    {
        Line($"{options.Driver.Name} driver, {options.Connections} connections: {result.TransactionsPerSecond:F0} transactions/s, {result.Transactions} in {result.Seconds:F2} s, the last {result.DrainSeconds:F2} s only delivering");
        Line($"prepare p50/p99 {result.Prepare.P50Milliseconds:F2}/{result.Prepare.P99Milliseconds:F2} ms, commit {result.Commit.P50Milliseconds:F2}/{result.Commit.P99Milliseconds:F2} ms, commit to delivered {result.CommitToDelivered.P50Milliseconds:F2}/{result.CommitToDelivered.P99Milliseconds:F2} ms");
        Line($"driver {result.DriverCpuSeconds / result.Transactions * 1e5:F2} CPU s for 100,000; signatures verified: {result.SignaturesVerified}");
        if (before is not null && after is not null)
            Line($"server {(after.CpuSeconds - before.CpuSeconds) / result.Transactions * 1e5:F2} CPU s for 100,000, peak {after.PeakRssBytes / 1e6:F0} MB, {(after.WrittenBytes - before.WrittenBytes) / (double)result.Transactions:F0} bytes written a transaction");
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
