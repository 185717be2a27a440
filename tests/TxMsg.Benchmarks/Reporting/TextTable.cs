using System.Text;

namespace TxMsg.Benchmarks.Reporting;

/// <summary>A Markdown table, padded so that it reads well on a console, too.</summary>
internal static class TextTable
{
    // The rule below the header takes a dash and a colon.
    private const int Narrowest = 2;

    public static string Render(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = header.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Append(Narrowest).Max()).ToList();
        var text = new StringBuilder();
        Line(text, header, widths);
        Line(text, [.. widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":")], widths);
        foreach (var row in rows)
            Line(text, row, widths);
        return text.ToString();
    }

    private static void Line(StringBuilder text, IReadOnlyList<string> cells, IReadOnlyList<int> widths)
    {
        text.Append('|');
        for (var column = 0; column < cells.Count; column++)
            text.Append(' ').Append(column == 0 ? cells[column].PadRight(widths[column]) : cells[column].PadLeft(widths[column])).Append(" |");
        text.Append('\n');
    }
}
