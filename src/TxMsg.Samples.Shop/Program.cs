using System.Globalization;
using System.Runtime.InteropServices;
using TxMsg.Samples.Shop;
using TxMsg.Samples.Shop.Consumers;
using TxMsg.Samples.Shop.Load;
using TxMsg.Samples.Shop.Orders;
using TxMsg.Samples.Shop.Processes;
using TxMsg.Samples.Shop.Scenes;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (options, problem) = ShopOptions.Parse(args);
if (problem is not null)
{
    await Console.Error.WriteLineAsync($"{problem}\nTry --help.");
    return 2;
}

// Ctrl+C, or a polite kill: the show ends early, and takes its processes with it.
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndEarly);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndEarly);
try
{
    return options!.Command switch
    {
        ShopCommand.Help => Help(),
        ShopCommand.Guard => await Guard.RunAsync(options.Guarded),
        ShopCommand.Role => await RunRoleAsync(options.Role!),
        ShopCommand.Reconcile => await Reconcile.RunAsync(options.Folder!),
        ShopCommand.Load => await LoadTest.RunAsync(options, stop.Token),
        _ => await Show.RunAsync(options, stop.Token),
    };
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

int Help()
{
    Console.WriteLine(ShopOptions.Usage);
    return 0;
}

void EndEarly(PosixSignalContext signal)
{
    signal.Cancel = true;
    // A guard goes when its parent has gone.
    if (options?.Command != ShopCommand.Guard) stop.Cancel();
}

Task<int> RunRoleAsync(RoleOptions role) => ServiceHost.RunAsync(
    role.Name switch
    {
        RoleNames.Orders => OrderService.Build(role),
        RoleNames.Stock => StockConsumer.Build(role),
        RoleNames.Budget => BudgetConsumer.Build(role),
        _ => PointsConsumer.Build(role),
    },
    stop.Token);
