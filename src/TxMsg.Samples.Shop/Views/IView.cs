namespace TxMsg.Samples.Shop.Views;

/// <summary>Where the show can be seen.</summary>
internal interface IView
{
    /// <summary>Shows the scenes while they are played.</summary>
    Task ShowAsync(IReadOnlyList<SceneRow> rows, Func<Task> play);

    /// <summary>A number of a row has changed.</summary>
    void Refresh();

    /// <summary>Something happened in a scene.</summary>
    void Tell(SceneRow row);
}
