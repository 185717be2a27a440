using System.Diagnostics;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Processes;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Performance;

/// <summary>Does anything grow with time? Slices of load, one after the other, with what the process holds after each.</summary>
internal sealed class SoakSection(Bench bench)
{
    private const int NoLimit = 20_000_000;
    private const int RowsShown = 10;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);

    public string Run() => bench.WithServer("soak", process =>
    {
        using var server = new RunningServer(process, DriverKind.Lean, Bench.PayloadBytes, knownSecret: null, bench.Stop);
        server.Drive(Bench.Connections, new DriveLimits(NoLimit, bench.Options.WarmUp));
        var samples = new List<SoakSample>();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < bench.Options.Soak;)
        {
            var drive = server.Drive(Bench.Connections, new DriveLimits(NoLimit, Slice));
            samples.Add(new SoakSample(clock.Elapsed.TotalMinutes, drive.TransactionsPerSecond, drive.Commit.P99Milliseconds, drive.CommitToDelivered.P99Milliseconds, ProcessUsage.RssBytes(process.Id) / 1e6, ProcessUsage.Handles(process.Id)));
        }

        var plot = Path.Combine(bench.Options.OutputDirectory, "soak.svg");
        File.WriteAllText(plot, SoakPlot.Render(samples));
        var shown = samples.Where((_, index) => index % Math.Max(1, samples.Count / RowsShown) == 0).Append(samples[^1]).Distinct();
        return $"## Over {bench.Options.Soak.TotalMinutes:0} minutes\n\nOne process at {Bench.Connections} connections, in slices of {Slice.TotalSeconds:0} s; every delivery checked. The plot is `soak.svg`.\n\n{TextTable.Render(SoakSample.Columns, [.. shown.Select(sample => sample.Cells)])}";
    });
}

/// <summary>One slice.</summary>
internal sealed record SoakSample(double Minutes, double TransactionsPerSecond, double CommitP99, double DeliveredP99, double Megabytes, int Handles)
{
    public static string[] Columns => ["minutes", "transactions/s", "commit p99 ms", "commit to delivered p99 ms", "memory MB", "handles"];

    public string[] Cells =>
    [
        Bench.Number(Minutes, "0.0"), Bench.Number(TransactionsPerSecond, "#,0"), Bench.Number(CommitP99, "0.0"), Bench.Number(DeliveredP99, "0.0"), Bench.Number(Megabytes, "0"), $"{Handles}",
    ];
}
