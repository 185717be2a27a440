using System.Globalization;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Processes;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Measuring;

/// <summary>Measures the servers side by side: in every round each of them at each number of connections with each driver, in turn,
/// so that what else the machine does falls on all of them.</summary>
internal sealed class ThroughputCommand(ThroughputOptions options)
{
    public int Run(CancellationToken stop)
    {
        var targets = Target.Chosen(options);
        var launcher = new ServerLauncher(
            targets.Any(target => target.IsReal) ? ServerAssembly.Find(options.ServerAssembly) : "", options.PayloadBytes);
        using var work = new WorkDirectory(options.OutputDirectory);
        var measurer = new Measurer(options, launcher, work, stop);
        if (options.History > 0)
        {
            Say($"seeding {options.History} finished messages ...");
            measurer.SeedHistory();
        }

        var measurements = MeasureAll(measurer, targets);
        var flushes = options.Strace ? CountFlushes(measurer, targets) : [];
        var report = Report.Of(measurements, flushes, Machine.Describe(work.Format));
        ReportFiles.Write(report, options.OutputDirectory);
        Say($"\n{MarkdownReport.Render(report)}");
        return 0;
    }

    private List<Measurement> MeasureAll(Measurer measurer, IReadOnlyList<Target> targets)
    {
        var measurements = new List<Measurement>();
        for (var round = 1; round <= options.Rounds; round++)
            foreach (var connections in options.Connections)
                foreach (var driver in Turns.Of(options.Drivers, round))
                    // Innermost: the servers that a ratio compares are measured one after the other.
                    foreach (var target in Turns.Of(targets, round))
                    {
                        var measured = measurer.Measure(driver, target, connections, round);
                        measurements.Add(measured);
                        Say($"round {round}, {driver.Name,-6} driver, {connections,4} connections, {target.Name,-8}{measured.Drive.TransactionsPerSecond,9:F0} transactions/s, {measured.Drive.Transactions} delivered exactly once");
                    }

        return measurements;
    }

    private List<FlushCount> CountFlushes(Measurer measurer, IReadOnlyList<Target> targets)
    {
        var counts = new List<FlushCount>();
        foreach (var connections in options.Connections)
            foreach (var driver in options.Drivers)
                foreach (var target in targets.Where(target => target.IsReal))
                {
                    var count = new FlushCount(driver.Name, target.Name, connections, measurer.CountFlushes(driver, target, connections));
                    counts.Add(count);
                    Say($"strace,  {driver.Name,-6} driver, {connections,4} connections, {target.Name,-8}{count.FlushesPerTransaction,9:F4} flushes a transaction");
                }

        return counts;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
