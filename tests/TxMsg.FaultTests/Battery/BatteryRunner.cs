using System.Diagnostics;

namespace TxMsg.FaultTests.Battery;

/// <summary>Runs faults one after the other, each with a seed of its own.</summary>
internal static class BatteryRunner
{
    /// <summary>A failure that stops a fault is a row, too: the others are still worth seeing.</summary>
    public static async Task<FaultRow> RunAsync(Fault fault, FaultRun run)
    {
        var clock = Stopwatch.StartNew();
        if (fault.Lacks is { } reason) return new FaultRow(fault, run.Seed) { Skipped = reason };
        run.Say($"{fault}: {fault.Summary} (seed {run.Seed})");
        try
        {
            var row = await fault.RunAsync(run) with { Took = clock.Elapsed };
            foreach (var violation in row.Violations.Take(20)) run.Say($"VIOLATED {violation}");
            return row;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !run.Cancellation.IsCancellationRequested)
        {
            run.Say($"FAILED {exception.ToString()}");
            return new FaultRow(fault, run.Seed) { Took = clock.Elapsed, Violations = [exception.Message], Note = "did not come to its end" };
        }
    }
}
