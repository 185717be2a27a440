using System.Globalization;
using System.Text;
using TxMsg.Benchmarks.Driving;

namespace TxMsg.Benchmarks.Reporting;

internal static class MarkdownReport
{
    private static readonly string[] Columns =
    [
        "driver", "server", "connections", "transactions/s", "prepare p50/p99 ms", "commit p50/p99 ms", "commit to delivered p50/p99 ms",
        "CPU s/100k", "driver CPU us/tx", "peak RSS MB", "written B/tx", "commits/tx", "flushes/tx",
    ];

    private static readonly string[] GoalColumns = ["driver", "", "connections", "value", "goal", ""];

    public static string Render(Report report)
    {
        var machine = report.Machine;
        var text = new StringBuilder("# Throughput\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{machine}.\n");
        if (report.AppendFlushMilliseconds is { } flush)
            text.Append(CultureInfo.InvariantCulture, $"A bare 4 KiB append and fdatasync takes {flush:F3} ms here (median, measured beside the runs with 1 connection).\n");
        text.Append("Every transaction counted was prepared, committed and delivered exactly once; medians of the rounds, the peak of all.\n");
        text.Append("Commit to delivered: from the commit's request being sent to the delivery being received. CPU: until the server has come to rest.\n");
        text.Append("A driver shares the cores with the server, so each ratio is taken within one driver, one round and one number of connections.\n");
        foreach (var rows in report.Rows.GroupBy(row => row.Driver))
            Append(text, DriverKind.Named(rows.Key), [.. rows], [.. report.Goals.Where(goal => goal.Driver == rows.Key)]);
        return text.ToString();
    }

    private static void Append(StringBuilder text, DriverKind driver, IReadOnlyList<SummaryRow> rows, IReadOnlyList<GoalRow> goals)
    {
        var (least, most) = (rows.Min(MicrosecondsPerTransaction), rows.Max(MicrosecondsPerTransaction));
        text.Append(CultureInfo.InvariantCulture, $"\n## With the {driver.Name} driver\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{driver.Name}: {driver.Description}\n");
        text.Append(CultureInfo.InvariantCulture, $"It takes {least:F0} to {most:F0} microseconds of CPU a transaction itself, its receiver included.\n\n");
        text.Append(TextTable.Render(Columns, [.. rows.Select(Cells)])).Append('\n');
        text.Append(TextTable.Render(GoalColumns, [.. goals.Select(Cells)]));
    }

    private static double MicrosecondsPerTransaction(SummaryRow row) => row.DriverCpuSecondsPer100k * 10;

    private static string[] Cells(SummaryRow row) =>
    [
        row.Driver,
        row.Server,
        Text($"{row.Connections}"),
        Text($"{row.TransactionsPerSecond:F0}"),
        Latency(row.Prepare),
        Latency(row.Commit),
        Latency(row.CommitToDelivered),
        Text($"{row.Cost.CpuSecondsPer100k:F2}"),
        Text($"{MicrosecondsPerTransaction(row):F1}"),
        Text($"{row.Cost.PeakRssMegabytes:F0}"),
        Text($"{row.Cost.WrittenBytesPerTransaction:F0}"),
        row.Cost.CommitsPerTransaction is { } commits ? Text($"{commits:F4}") : "-",
        row.FlushesPerTransaction is { } flushes ? Text($"{flushes:F4}") : "-",
    ];

    private static string[] Cells(GoalRow row) =>
    [
        row.Driver,
        row.What,
        Text($"{row.Connections}"),
        Text($"{row.Value:F2}"),
        row.Goal,
        row.Met switch { true => "met", false => "MISSED", null => "" },
    ];

    private static string Latency(LatencySummary latency) => Text($"{latency.P50Milliseconds:F2} / {latency.P99Milliseconds:F2}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
