using Spectre.Console;

namespace TxMsg.Samples.Shop.Views;

/// <summary>The table in the terminal, drawn anew as things happen.</summary>
internal sealed class LiveView : IView
{
    private readonly Lock drawing = new();
    private IReadOnlyList<SceneRow> rows = [];
    private LiveDisplayContext? display;

    public Task ShowAsync(IReadOnlyList<SceneRow> rows, Func<Task> play)
    {
        this.rows = rows;
        return AnsiConsole.Live(SceneTable.Of(rows)).StartAsync(async context =>
        {
            display = context;
            await play();
            Refresh();
        });
    }

    public void Refresh()
    {
        lock (drawing) display?.UpdateTarget(SceneTable.Of(rows));
    }

    public void Tell(SceneRow row) => Refresh();
}
