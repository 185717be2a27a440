using TxMsg.Contracts;

namespace TxMsg.Samples.Shop.Scenes;

internal sealed class LocalTransactionFails : Scene
{
    public override string Title => "the local transaction fails";

    public override async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var order = Stage.NewOrder() with { Quantity = 0 };
        if (await stage.PlaceAsync(order, cancellationToken) != 422) throw new ShopException("The order should have been refused.");
        stage.Say("the database refuses the order");
        await stage.MessageAsync(order, "the rollback", message => message.State == MessageStates.RolledBack, cancellationToken);
        await stage.ExpectAsync(placed: 0, followed: 0, cancellationToken);
        stage.Say("rolled back: nothing is delivered");
    }
}
