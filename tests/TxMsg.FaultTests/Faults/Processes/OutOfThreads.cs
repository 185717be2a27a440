namespace TxMsg.FaultTests.Faults.Processes;

/// <summary>No thread can be made for a while; if the process ends of it, it is started again, as by its supervisor.</summary>
internal sealed record OutOfThreads() : Fault(17, "out-of-threads", "every new thread refused for a while, under load; then allowed again")
{
    public override string? Lacks => Strace.Lacks;

    public override IReadOnlyList<string> Sizes => ["exhausted-seconds"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        await using var world = await World.StartAsync(run);
        await using var refusing = await Strace.AttachAsync(world, "clone,clone3", "error=EAGAIN");
        // From quiet to full load is where threads are made.
        var load = world.StartLoad();
        await Task.Delay(TimeSpan.FromSeconds(run.Size("exhausted-seconds", 3, 60)), run.Cancellation);
        var refused = await refusing.EndAsync();
        var ended = world.Coordinator.HasExited;
        if (ended)
        {
            await world.KillAsync();
            await world.Coordinator.StartAsync();
        }

        await world.MoreMessagesAsync(200);
        await load.EndAsync();
        var drained = await world.DrainAsync();
        var row = await new Judge(world).JudgeAsync(this, run);
        if (refused == 0) row = row with { Violations = [.. row.Violations, "no thread was asked for: the fault was not shown"] };
        return row with { Times = refused, Note = FormattableString.Invariant($"{(ended ? "ended of it and started again" : "lived through it")}; drained in {drained.TotalSeconds:0.0} s") };
    }
}
