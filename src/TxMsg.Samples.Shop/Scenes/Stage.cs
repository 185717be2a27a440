using System.Net.Sockets;
using TxMsg.Contracts.Messages;
using TxMsg.Samples.Shop.Consumers;
using TxMsg.Samples.Shop.Orders;
using TxMsg.Samples.Shop.Processes;
using TxMsg.Samples.Shop.Views;

namespace TxMsg.Samples.Shop.Scenes;

/// <summary>What a scene is played with: it places orders, and watches what becomes of them.</summary>
internal sealed class Stage(ShopFloor floor, SceneRow row, IView view)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Ledgers ledgers = new(floor.Folder);
    private readonly List<Guid> orders = [];

    public ShopFloor Floor { get; } = floor;

    /// <summary>An order that nothing is wrong with.</summary>
    public static Order NewOrder() => new(Guid.CreateVersion7(), "teapot", 2, BudgetConsumer.KnownActivity, 1_250, "Ada", 25);

    public void Say(string story)
    {
        row.Story = story;
        view.Tell(row);
    }

    /// <summary>Places an order; the status of the answer, or null where the service died over it.</summary>
    public async Task<int?> PlaceAsync(Order order, CancellationToken cancellationToken)
    {
        orders.Add(order.Id);
        try
        {
            using var answer = await Floor.PlaceAsync(order, cancellationToken);
            return (int)answer.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            return null;
        }
    }

    /// <summary>Arms a crash point, has something done that comes there, and returns when the process is dead.</summary>
    public async Task CrashAsync(string service, string point, Func<Task> act, CancellationToken cancellationToken)
    {
        await Floor.TellAsync(service, $"/crash/{point}", cancellationToken);
        await act();
        await Floor.Processes[service].WaitForCrashAsync(cancellationToken).WaitAsync(Limit, cancellationToken);
    }

    /// <summary>Waits for the message of an order to be as wanted.</summary>
    public async Task<MessageResource> MessageAsync(Order order, string what, Func<MessageResource, bool> wanted, CancellationToken cancellationToken)
    {
        MessageResource? found = null;
        await Floor.UntilAsync(what, async () =>
        {
            found = await Floor.Coordinator.FindAsync(order.Id, cancellationToken);
            row.Message = found?.State ?? "";
            await CountAsync();
            return found is not null && wanted(found);
        }, Limit, cancellationToken);
        return found!;
    }

    /// <summary>Waits until each service has so many rows of the scene's orders, and nothing is under way any more.</summary>
    public async Task ExpectAsync(int placed, int followed, CancellationToken cancellationToken)
    {
        await Floor.UntilAsync("everything to be delivered", async () =>
        {
            await CountAsync();
            return IsRight() && await ledgers.UnsentAsync() == 0 && await Floor.Coordinator.IsIdleAsync(cancellationToken);
        }, Limit, cancellationToken);
        await CountAsync();
        if (!IsRight()) throw new ShopException($"Expected {placed} orders and {followed} of each effect: {string.Join(", ", row.Counts)}.");

        bool IsRight() => row.Counts.All(entry => entry.Value == (entry.Key == RoleNames.Orders ? placed : followed));
    }

    public async Task CountAsync()
    {
        foreach (var service in RoleNames.Services) row.Counts[service] = await ledgers.CountAsync(service, orders);
        view.Refresh();
    }
}
