namespace TxMsg.Samples.Shop.Scenes;

/// <summary>One thing that happens to orders, and what must become of it.</summary>
internal abstract class Scene
{
    public abstract string Title { get; }

    /// <summary>Plays it, and returns when all is as it must be.</summary>
    /// <exception cref="ShopException">It is not, and will not be.</exception>
    public abstract Task PlayAsync(Stage stage, CancellationToken cancellationToken);
}
