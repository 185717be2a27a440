using TxMsg.Contracts;
using TxMsg.Contracts.Messages;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Scenes;

internal sealed class DeadLetter : Scene
{
    private const string Activity = "autumn";

    public override string Title => "a consumer fails until a dead letter";

    public override async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var order = Stage.NewOrder() with { Activity = Activity };
        if (await stage.PlaceAsync(order, cancellationToken) != 201) throw new ShopException("The order was not taken.");
        stage.Say("the budget does not know the activity");
        var message = await stage.MessageAsync(order, "the dead letter", message => Budget(message)?.State == DeliveryStates.DeadLettered, cancellationToken);
        stage.Say($"a dead letter after {Budget(message)!.Attempts} attempts; opening the activity, and redelivering");
        await stage.Floor.TellAsync(RoleNames.Budget, $"/activities/{Activity}", cancellationToken);
        var count = await stage.Floor.Coordinator.RedeliverAsync(RoleNames.Budget, "the activity is open now", cancellationToken);
        if (count != 1) throw new ShopException($"{count} dead letters were redelivered, not 1.");
        await stage.ExpectAsync(placed: 1, followed: 1, cancellationToken);
        stage.Say($"dead letter after {Budget(message)!.Attempts} attempts, redelivered");
    }

    private static DeliveryResource? Budget(MessageResource message) => message.Deliveries?.FirstOrDefault(delivery => delivery.Subscription == RoleNames.Budget);
}
