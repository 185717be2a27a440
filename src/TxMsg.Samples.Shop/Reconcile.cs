using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop;

/// <summary>Prints how the databases compare.</summary>
internal static class Reconcile
{
    private const int MaxShown = 20;

    public static async Task<int> RunAsync(string folder)
    {
        if (RoleNames.Services.FirstOrDefault(service => !File.Exists(ServiceDatabase.PathOf(folder, service))) is not { } missing) return await PrintAsync(new Ledgers(folder));
        await Console.Error.WriteLineAsync($"{folder} has no database of {missing}.");
        return 2;
    }

    /// <summary>0, or 1 if there is a difference.</summary>
    public static async Task<int> PrintAsync(Ledgers ledgers, IReadOnlyList<string>? brokenPromises = null)
    {
        var result = await Reconciliation.OfAsync(ledgers);
        Console.WriteLine($"orders {result.Orders}, " + string.Join(", ", result.Effects.Select(effect => $"{effect.Key} {effect.Value}")));
        var differences = result.Differences.Concat(brokenPromises ?? []).ToArray();
        foreach (var difference in differences.Take(MaxShown)) Console.WriteLine("DIFFERENCE " + difference);
        Console.WriteLine($"differences: {differences.Length}");
        return differences.Length == 0 ? 0 : 1;
    }

    /// <summary>The counts of a run.</summary>
    public static async Task PrintCountsAsync(ShopFloor floor, CancellationToken cancellationToken)
    {
        var stats = await floor.Coordinator.StatsAsync(cancellationToken);
        var duplicates = RoleNames.Consumers.Select(name => (name, floor.Processes[name].Duplicates)).ToArray();
        Console.WriteLine($"duplicates the inboxes caught: {duplicates.Sum(entry => entry.Duplicates)} ({string.Join(", ", duplicates.Select(entry => $"{entry.name} {entry.Duplicates}"))})");
        Console.WriteLine($"check-backs: {await floor.Coordinator.CheckBacksAsync(cancellationToken)}");
        Console.WriteLine($"dead letters that are left: {stats.Deliveries[Contracts.DeliveryStates.DeadLettered]}");
    }
}
