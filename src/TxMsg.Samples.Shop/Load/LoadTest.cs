using System.Diagnostics;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Load;

/// <summary>Many orders, with or without kills; then everything is given time to settle, and is reconciled.</summary>
internal static class LoadTest
{
    private const int Attempts = 100;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(2);

    /// <summary>0, or 1 if anything was not as it should be.</summary>
    public static async Task<int> RunAsync(ShopOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var floor = await ShopFloor.OpenAsync(options, Attempts, cancellationToken);
            var clock = Stopwatch.StartNew();
            var customers = new Customers(floor, options.Orders);
            await PlaceAsync(floor, customers, options, clock, cancellationToken);
            Console.WriteLine($"placed in {clock.Elapsed.TotalSeconds:0.0} s: {customers}");
            var ledgers = new Ledgers(floor.Folder);
            await floor.UntilAsync(
                "everything to settle", async () => await ledgers.UnsentAsync() == 0 && await floor.Coordinator.IsIdleAsync(cancellationToken), SettleLimit, cancellationToken);
            Console.WriteLine($"settled after {clock.Elapsed.TotalSeconds:0.0} s");
            var code = await Reconcile.PrintAsync(ledgers, [.. customers.BrokenPromises(await ledgers.OrdersAsync())]);
            await Reconcile.PrintCountsAsync(floor, cancellationToken);
            var kills = RoleNames.All.Select(name => (name, floor.Processes[name].Kills)).ToArray();
            Console.WriteLine($"kills: {kills.Sum(entry => entry.Kills)} ({string.Join(", ", kills.Select(entry => $"{entry.name} {entry.Kills}"))})");
            return code;
        }
        catch (ShopException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task PlaceAsync(ShopFloor floor, Customers customers, ShopOptions options, Stopwatch clock, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = new List<Task> { customers.PlaceAllAsync(over.Token) };
        if (options.ChaosSeed is { } seed) work.Add(new Chaos(floor, customers, options.Orders, seed).RunAsync(over.Token));
        var all = Task.WhenAll(work);
        while (await Task.WhenAny([.. work.Where(task => !task.IsCompleted), Task.Delay(ReportInterval, TimeProvider.System, over.Token)]) is { } ended && !all.IsCompleted)
        {
            // Whichever fails, the others are not to go on without it.
            if (ended.IsFaulted) await over.CancelAsync();
            if (over.IsCancellationRequested) break;
            Console.WriteLine($"{clock.Elapsed.TotalSeconds,6:0.0} s  {customers.Done} of {options.Orders} orders, {floor.Processes.Values.Sum(process => process.Kills)} kills");
        }

        if (work.FirstOrDefault(task => task.IsFaulted) is { } failed) await failed;
        await all;
    }
}
