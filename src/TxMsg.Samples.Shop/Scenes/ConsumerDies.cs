using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Scenes;

internal sealed class ConsumerDies : Scene
{
    public override string Title => "a consumer killed in the middle";

    public override async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var stock = stage.Floor.Processes[RoleNames.Stock];
        await DieAsync(CrashPoint.BeforeCommit, "killed before its commit; starting it again");
        await stage.ExpectAsync(placed: 1, followed: 1, cancellationToken);
        var before = stock.Duplicates;
        await DieAsync(CrashPoint.AfterCommit, "killed between its commit and its answer; starting it again");
        await stage.ExpectAsync(placed: 2, followed: 2, cancellationToken);
        if (stock.Duplicates == before) throw new ShopException("The inbox should have caught the second delivery.");
        stage.Say($"each handled once; the inbox caught {stock.Duplicates - before} duplicate");

        async Task DieAsync(string point, string story)
        {
            await stage.CrashAsync(RoleNames.Stock, point, () => stage.PlaceAsync(Stage.NewOrder(), cancellationToken), cancellationToken);
            await stage.CountAsync();
            stage.Say(story);
            await stage.Floor.StartAsync(RoleNames.Stock, cancellationToken);
        }
    }
}
