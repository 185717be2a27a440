using TxMsg.Samples.Shop.Processes;
using TxMsg.Samples.Shop.Views;

namespace TxMsg.Samples.Shop.Scenes;

/// <summary>Plays all scenes, one after the other, and reconciles.</summary>
internal static class Show
{
    // So that the scene of the dead letter is not a long one.
    private const int BudgetAttempts = 3;

    private static readonly Scene[] Scenes =
        [new Success(), new LocalTransactionFails(), new ProducerDiesAfterCommit(), new ProducerDiesBeforeCommit(), new DeadLetter(), new ConsumerDies()];

    /// <summary>0, or 1 if anything was not as it should be.</summary>
    public static async Task<int> RunAsync(ShopOptions options, CancellationToken cancellationToken)
    {
        IView view = options.Plain || Console.IsOutputRedirected ? new LineView() : new LiveView();
        var rows = Scenes.Select((scene, index) => new SceneRow(index + 1, scene.Title)).ToArray();
        try
        {
            Console.WriteLine("Starting the coordinator, the order service and three consumers ...");
            await using var floor = await ShopFloor.OpenAsync(options, BudgetAttempts, cancellationToken);
            await view.ShowAsync(rows, () => PlayAsync(floor, rows, view, cancellationToken));
            var code = await Reconcile.PrintAsync(new Ledgers(floor.Folder));
            await Reconcile.PrintCountsAsync(floor, cancellationToken);
            return code;
        }
        catch (ShopException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task PlayAsync(ShopFloor floor, SceneRow[] rows, IView view, CancellationToken cancellationToken)
    {
        foreach (var (scene, row) in Scenes.Zip(rows))
        {
            row.Begin();
            var right = false;
            try
            {
                await scene.PlayAsync(new Stage(floor, row, view), cancellationToken);
                right = true;
            }
            finally
            {
                row.End(right);
                view.Refresh();
            }
        }
    }
}
