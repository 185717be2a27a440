using System.Globalization;
using System.Text;
using TxMsg.Benchmarks.Driving;

namespace TxMsg.Benchmarks.Reporting;

internal static class MarkdownReport
{
    private static readonly string[] Columns =
    [
        "server", "connections", "transactions/s", "prepare p50/p99 ms", "commit p50/p99 ms", "commit to delivered p50/p99 ms",
        "CPU s/100k", "driver CPU s/100k", "peak RSS MB", "written B/tx", "commits/tx", "flushes/tx",
    ];

    private static readonly string[] GoalColumns = ["", "connections", "value", "goal", ""];

    public static string Render(Report report)
    {
        var machine = report.Machine;
        var text = new StringBuilder("# Throughput\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{machine.Processor}, {machine.Cores} cores, {machine.System}, {machine.Runtime}, {machine.FileSystem}, {machine.Build}, {machine.At:u}.\n");
        if (report.AppendFlushMilliseconds is { } flush)
            text.Append(CultureInfo.InvariantCulture, $"A bare 4 KiB append and fdatasync takes {flush:F3} ms here (median, measured beside the runs with 1 connection).\n");
        text.Append("Every transaction counted was prepared, committed and delivered exactly once; medians of the rounds, the peak of all.\n");
        text.Append("Commit to delivered: from the commit's request being sent to the delivery being received. CPU: until the server has come to rest.\n\n");
        text.Append(TextTable.Render(Columns, [.. report.Rows.Select(Cells)])).Append('\n');
        text.Append(TextTable.Render(GoalColumns, [.. report.Goals.Select(Cells)]));
        return text.ToString();
    }

    private static string[] Cells(SummaryRow row) =>
    [
        row.Server,
        Text($"{row.Connections}"),
        Text($"{row.TransactionsPerSecond:F0}"),
        Latency(row.Prepare),
        Latency(row.Commit),
        Latency(row.CommitToDelivered),
        Text($"{row.Cost.CpuSecondsPer100k:F2}"),
        Text($"{row.DriverCpuSecondsPer100k:F2}"),
        Text($"{row.Cost.PeakRssMegabytes:F0}"),
        Text($"{row.Cost.WrittenBytesPerTransaction:F0}"),
        row.Cost.CommitsPerTransaction is { } commits ? Text($"{commits:F4}") : "-",
        row.FlushesPerTransaction is { } flushes ? Text($"{flushes:F4}") : "-",
    ];

    private static string[] Cells(GoalRow row) =>
    [
        row.What,
        Text($"{row.Connections}"),
        Text($"{row.Value:F2}"),
        row.Goal,
        row.Met switch { true => "met", false => "MISSED", null => "" },
    ];

    private static string Latency(LatencySummary latency) => Text($"{latency.P50Milliseconds:F2} / {latency.P99Milliseconds:F2}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
