using System.Diagnostics;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Views;

internal enum SceneState
{
    Waiting,
    Playing,
    Right,
    Wrong,
}

/// <summary>A scene as it is shown: how many rows each service has of the scene's orders, and what is going on.</summary>
internal sealed class SceneRow(int number, string title)
{
    private readonly Stopwatch clock = new();

    public int Number { get; } = number;

    public string Title { get; } = title;

    public SceneState State { get; private set; }

    public string Story { get; set; } = "";

    /// <summary>The coordinator's state of the order's message.</summary>
    public string Message { get; set; } = "";

    public Dictionary<string, int> Counts { get; } = RoleNames.Services.ToDictionary(name => name, _ => 0);

    public TimeSpan Elapsed => clock.Elapsed;

    public void Begin()
    {
        State = SceneState.Playing;
        clock.Start();
    }

    public void End(bool right)
    {
        State = right ? SceneState.Right : SceneState.Wrong;
        clock.Stop();
    }
}
