using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Load;

/// <summary>Kills processes while orders are placed, and starts them again. The seed decides whom, after how many orders, and for how long;
/// what each was doing just then is left to chance.</summary>
internal sealed class Chaos(ShopFloor floor, Customers customers, int orders, int seed)
{
    private const int OrdersAKill = 200;
    private const int MinRounds = 2;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Kills until the last order but a few is through. Each round kills every process once, in an order of its own.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var rounds = Math.Max(MinRounds, orders / OrdersAKill / RoleNames.All.Length);
        var victims = Enumerable.Range(0, rounds).SelectMany(_ => Shuffled(random)).ToArray();
        var step = (double)orders / (victims.Length + 1);
        var restarts = new Dictionary<string, Task>();
        for (var kill = 0; kill < victims.Length; kill++)
        {
            var threshold = (int)((kill + random.NextDouble()) * step);
            var down = TimeSpan.FromMilliseconds(random.Next(400));
            while (customers.Done < threshold) await Task.Delay(Look, TimeProvider.System, cancellationToken);
            // It may still be down from before.
            if (restarts.TryGetValue(victims[kill], out var restart)) await restart;
            restarts[victims[kill]] = KillAsync(victims[kill], down, cancellationToken);
        }

        await Task.WhenAll(restarts.Values);
    }

    private static string[] Shuffled(Random random)
    {
        var names = RoleNames.All.ToArray();
        random.Shuffle(names);
        return names;
    }

    private async Task KillAsync(string name, TimeSpan down, CancellationToken cancellationToken)
    {
        floor.Processes[name].Kill();
        await Task.Delay(down, TimeProvider.System, cancellationToken);
        await floor.StartAsync(name, cancellationToken);
    }
}
