using System.Runtime.InteropServices;
using TxMsg.Benchmarks;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Nodes;
using TxMsg.Benchmarks.NoOp;
using TxMsg.Benchmarks.Pages;
using TxMsg.Benchmarks.Performance;
using TxMsg.Benchmarks.Reporting;
using TxMsg.Benchmarks.Sdk;

using var stop = new CancellationTokenSource();

// Both signals end a run through its finally blocks, so that no server process and no directory is left behind.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    var arguments = Arguments.Parse(args);
    return arguments.Command switch
    {
        "throughput" => new ThroughputCommand(ThroughputOptions.From(arguments)).Run(stop.Token),
        "memory" => new ThroughputCommand(ThroughputOptions.ForMemory(arguments)).Run(stop.Token),
        "drive" => new DriveCommand(DriveOptions.From(arguments)).Run(stop.Token),
        "nodes" => new NodesCommand(NodesOptions.From(arguments)).Run(stop.Token),
        "pages" => new PagesCommand(PagesOptions.From(arguments)).Run(stop.Token),
        "performance" => new PerformanceCommand(PerformanceOptions.From(arguments)).Run(stop.Token),
        "flame-graph" => FlameGraphCommand.Run(arguments),
        "sdk" => new SdkCommand(SdkOptions.From(arguments)).Run(stop.Token),
        "serve-noop" => NoOpServer.Run(NoOpOptions.From(arguments), stop.Token),
        "help" => Usage.Print(),
        _ => throw new UsageException($"There is no command '{arguments.Command}'; help lists them."),
    };
}
catch (UsageException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
catch (BenchmarkFailedException failed)
{
    Console.Error.WriteLine($"FAILED: {failed.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (Exception fault)
{
    // Caught only because the finally blocks of an unhandled exception do not run, and servers would be left behind.
    Console.Error.WriteLine(fault);
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
