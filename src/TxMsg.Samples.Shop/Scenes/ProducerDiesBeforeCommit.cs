using TxMsg.Contracts;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Scenes;

internal sealed class ProducerDiesBeforeCommit : Scene
{
    public override string Title => "order service killed before its commit";

    public override async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var order = Stage.NewOrder();
        await stage.CrashAsync(RoleNames.Orders, CrashPoint.BeforeCommit, () => stage.PlaceAsync(order, cancellationToken), cancellationToken);
        await stage.MessageAsync(order, "the half message", message => message.State == MessageStates.Prepared, cancellationToken);
        stage.Say("there is a half message, and no order; starting the service again");
        await stage.Floor.StartAsync(RoleNames.Orders, cancellationToken);
        var message = await stage.MessageAsync(order, "the check-back", message => message.State == MessageStates.RolledBack, cancellationToken);
        await stage.ExpectAsync(placed: 0, followed: 0, cancellationToken);
        stage.Say($"check-back {message.CheckBacks} answered rollback: nothing is delivered");
    }
}
