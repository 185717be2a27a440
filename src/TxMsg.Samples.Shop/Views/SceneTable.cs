using Spectre.Console;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Views;

internal static class SceneTable
{
    public static Table Of(IReadOnlyList<SceneRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "scene");
        foreach (var name in RoleNames.Services) table.AddColumn(new TableColumn(name).RightAligned());
        table.AddColumns("message", "what happens", "s");
        foreach (var row in rows) table.AddRow(Cells(row).ToArray());
        return table;
    }

    private static IEnumerable<string> Cells(SceneRow row)
    {
        yield return row.State switch
        {
            SceneState.Waiting => " ",
            SceneState.Playing => "[yellow]>[/]",
            SceneState.Right => "[green]ok[/]",
            _ => "[red]FAILED[/]",
        };
        yield return Markup.Escape($"{row.Number}. {row.Title}");
        foreach (var name in RoleNames.Services) yield return row.State == SceneState.Waiting ? "" : $"{row.Counts[name]}";
        yield return row.Message;
        yield return Markup.Escape(row.Story);
        yield return row.State == SceneState.Waiting ? "" : $"{row.Elapsed.TotalSeconds:0.0}";
    }
}
