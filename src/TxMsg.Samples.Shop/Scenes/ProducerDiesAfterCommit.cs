using TxMsg.Contracts;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Scenes;

internal sealed class ProducerDiesAfterCommit : Scene
{
    public override string Title => "order service killed after its commit";

    public override async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var order = Stage.NewOrder();
        await stage.CrashAsync(RoleNames.Orders, CrashPoint.AfterCommit, () => stage.PlaceAsync(order, cancellationToken), cancellationToken);
        await stage.MessageAsync(order, "the half message", message => message.State == MessageStates.Prepared, cancellationToken);
        stage.Say("the order stands, and the coordinator does not know; starting the service again");
        await stage.Floor.StartAsync(RoleNames.Orders, cancellationToken);
        var message = await stage.MessageAsync(order, "the check-back", message => message.State == MessageStates.Committed, cancellationToken);
        await stage.ExpectAsync(placed: 1, followed: 1, cancellationToken);
        stage.Say($"check-back {message.CheckBacks} answered commit: delivered");
    }
}
