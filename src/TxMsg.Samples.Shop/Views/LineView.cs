using Spectre.Console;

namespace TxMsg.Samples.Shop.Views;

/// <summary>A line for each thing that happens, and the table at the end: for a file, or another program.</summary>
internal sealed class LineView : IView
{
    private const int Width = 180;

    public async Task ShowAsync(IReadOnlyList<SceneRow> rows, Func<Task> play)
    {
        await play();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        console.Profile.Width = Width;
        console.Write(SceneTable.Of(rows));
    }

    public void Refresh()
    {
    }

    public void Tell(SceneRow row) => Console.WriteLine($"{row.Number}. {row.Title}: {row.Story}");
}
