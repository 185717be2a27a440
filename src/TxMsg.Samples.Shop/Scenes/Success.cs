using TxMsg.Contracts;

namespace TxMsg.Samples.Shop.Scenes;

internal sealed class Success : Scene
{
    public override string Title => "all goes well";

    public override async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var order = Stage.NewOrder();
        if (await stage.PlaceAsync(order, cancellationToken) != 201) throw new ShopException("The order was not taken.");
        stage.Say("the order is taken; its messages are on their way");
        await stage.MessageAsync(order, "the commit", message => message.State == MessageStates.Committed, cancellationToken);
        await stage.ExpectAsync(placed: 1, followed: 1, cancellationToken);
        stage.Say("delivered to all three");
    }
}
