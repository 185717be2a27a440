using System.Globalization;
using System.Text;

namespace TxMsg.FaultTests.Battery;

/// <summary>The battery's result as Markdown.</summary>
internal static class FaultTable
{
    private static readonly string[] Header =
        ["", "fault", "times", "acknowledged", "delivered", "dead-lettered", "lost", "unexpected", "duplicated", "seed", "took", "held", "note"];

    public static string Render(IReadOnlyList<FaultRow> rows)
    {
        var text = new StringBuilder();
        Line(text, Header);
        Line(text, [.. Header.Select((_, column) => column is 1 or > 9 ? "---" : "---:")]);
        foreach (var row in rows) Line(text, Cells(row));
        Line(text, Total(rows));
        return text.ToString();
    }

    private static string[] Cells(FaultRow row) => row.Skipped is { } reason
        ? [Text(row.Fault.Number), row.Fault.Name, "", "", "", "", "", "", "", "", "", "skipped", reason]
        :
        [
            Text(row.Fault.Number), row.Fault.Name, Text(row.Times), Text(row.Acknowledged), Text(row.Delivered), Text(row.DeadLettered), Text(row.Lost),
            Text(row.Unexpected), Text(row.Duplicated), row.Seed.ToString(CultureInfo.InvariantCulture), Took(row.Took), row.Holds ? "yes" : "**no**", row.Note,
        ];

    private static string[] Total(IReadOnlyList<FaultRow> rows) =>
    [
        "", "all", Text(rows.Sum(row => row.Times)), Text(rows.Sum(row => row.Acknowledged)), Text(rows.Sum(row => row.Delivered)), Text(rows.Sum(row => row.DeadLettered)),
        Text(rows.Sum(row => row.Lost)), Text(rows.Sum(row => row.Unexpected)), Text(rows.Sum(row => row.Duplicated)), "",
        Took(new TimeSpan(rows.Sum(row => row.Took.Ticks))), rows.All(row => row.Holds || row.Skipped is not null) ? "yes" : "**no**", "",
    ];

    private static void Line(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    private static string Text(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Took(TimeSpan time) => time.TotalMinutes < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");
}
