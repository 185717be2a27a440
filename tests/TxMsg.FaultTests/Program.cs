using System.Globalization;
using System.Runtime.InteropServices;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Contains("--help"))
{
    Console.WriteLine(BatteryCommand.Usage);
    return 0;
}

var (command, problem) = BatteryCommand.Parse(args);
if (problem is not null)
{
    await Console.Error.WriteLineAsync($"{problem}\n\n{BatteryCommand.Usage}");
    return 2;
}

// Both signals end a run through its finally blocks, so that no process and no folder is left behind.
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await command!.RunAsync(Console.Out, stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
