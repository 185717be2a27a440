using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using TxMsg.Samples.Shop.Consumers;
using TxMsg.Samples.Shop.Orders;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Load;

/// <summary>Place orders, many at once. Whose request dies does not know what became of the order, and lets it be.</summary>
internal sealed class Customers(ShopFloor floor, int orders)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentBag<Guid> accepted = [];
    private readonly ConcurrentBag<Guid> refused = [];
    private int asked;
    private int unknown;
    private int turnedAway;

    /// <summary>How many orders are through, in whatever way.</summary>
    public int Done => accepted.Count + refused.Count + Volatile.Read(ref unknown);

    public override string ToString() => $"{accepted.Count} accepted, {refused.Count} refused, {unknown} with no answer, {turnedAway} tries turned away";

    /// <summary>What they were told, and the order service does not keep to.</summary>
    public IEnumerable<string> BrokenPromises(IEnumerable<OrderEntry> orders)
    {
        var placed = orders.Select(order => order.OrderId).ToHashSet();
        foreach (var order in accepted.Where(order => !placed.Contains(order.ToString()))) yield return $"orders: {order} was accepted, and is not there";
        foreach (var order in refused.Where(order => placed.Contains(order.ToString()))) yield return $"orders: {order} was refused, and is there";
    }

    public Task PlaceAllAsync(CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
    {
        for (var number = Interlocked.Increment(ref asked); number <= orders; number = Interlocked.Increment(ref asked))
            while (!await TryAsync(NewOrder(number), cancellationToken)) await Task.Delay(Pause, TimeProvider.System, cancellationToken);
    }));

    // One in thirty is refused by the order service's database: its local transaction fails.
    private static Order NewOrder(int number) => new(
        Guid.CreateVersion7(), "teapot", number % 30 == 0 ? 0 : 1 + number % 5, BudgetConsumer.KnownActivity, 100 + number % 900, $"customer-{number % 50}", number % 20);

    /// <summary>False when it certainly was not placed, so that it may be tried again.</summary>
    private async Task<bool> TryAsync(Order order, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await floor.PlaceAsync(order, cancellationToken);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.Created: accepted.Add(order.Id); return true;
                case HttpStatusCode.UnprocessableEntity: refused.Add(order.Id); return true;
                case HttpStatusCode.ServiceUnavailable: Interlocked.Increment(ref turnedAway); return false;
                // The service does not know either: its commit failed, say.
                case HttpStatusCode.InternalServerError: Interlocked.Increment(ref unknown); return true;
                default: throw new ShopException($"The order service answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
            }
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
        {
            Interlocked.Increment(ref turnedAway);
            return false;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref unknown);
            return true;
        }
    }
}
