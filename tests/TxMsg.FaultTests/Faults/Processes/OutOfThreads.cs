namespace TxMsg.FaultTests.Faults.Processes;

/// <summary>No thread can be made for a while; if the process ends of it, it is started again, as by its supervisor.</summary>
internal sealed record OutOfThreads() : Fault(17, "out-of-threads", "every new thread refused for a while, under load; then allowed again")
{
    public override IReadOnlyList<string> Sizes => ["exhausted-seconds"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        await using var world = await World.StartAsync(run);
        await using (var refusing = Tool.Start(
            "strace", "-f", "-q", "-o", Path.Combine(world.Coordinator.Folder, "threads.txt"), "-e", "trace=clone,clone3", "-e", "inject=clone,clone3:error=EAGAIN", "-p", $"{world.Coordinator.ProcessId}"))
        {
            // From quiet to full load is where threads are made.
            await world.UntilAsync("strace to be attached", () => Task.FromResult(IsTraced(world.Coordinator.ProcessId)), TimeSpan.FromSeconds(20));
            var load = world.StartLoad();
            await Task.Delay(TimeSpan.FromSeconds(run.Size("exhausted-seconds", 3, 60)), run.Cancellation);
            await refusing.TerminateAsync();
            var ended = world.Coordinator.HasExited;
            if (ended)
            {
                await world.KillAsync();
                await world.Coordinator.StartAsync();
            }

            await world.MoreMessagesAsync(200);
            await load.EndAsync();
            var drained = await world.DrainAsync();
            var folder = world.Coordinator.Folder;
            var refused = File.ReadLines(Path.Combine(folder, "threads.txt")).Count(line => line.Contains("INJECTED", StringComparison.Ordinal));
            var row = await new Judge(world).JudgeAsync(this, run);
            if (refused == 0) row = row with { Violations = [.. row.Violations, "no thread was asked for: the fault was not shown"] };
            return row with { Times = refused, Note = FormattableString.Invariant($"{(ended ? "ended of it and started again" : "lived through it")}; drained in {drained.TotalSeconds:0.0} s") };
        }
    }

    private static bool IsTraced(int process) => File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("TracerPid", StringComparison.Ordinal)) is var line && !line.EndsWith("\t0", StringComparison.Ordinal);
}
