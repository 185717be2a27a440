namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>For a while every flush fails with EIO, and now and then a write with ENOSPC; the coordinator must go on by itself.</summary>
/// <remarks>After a failed flush Linux may have dropped the pages and says so once only: what was in them must be written anew, not flushed again.</remarks>
internal sealed record FailingDisk() : Fault(4, "failing-disk", "fsync fails with EIO and write with ENOSPC, 503, no false acknowledgement, recovery without an operator")
{
    // So many in a row: callers and deliveries must outlast it.
    private const int OutageFlushes = 60;

    public override string? Lacks => Strace.Lacks;

    public override IReadOnlyList<string> Sizes => ["failing-disk-messages"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        await using var world = await World.StartAsync(run);
        var load = world.StartLoad();
        await world.KillAsync();
        var outage = run.Random.Next(40, 80);
        // Each thread counts its own: the committer meets all of this, the checkpointer's threads what they come to.
        world.Coordinator.Launcher = Strace.Injecting(
            $"{Strace.Flushes}:error=EIO:when={outage}..{outage + OutageFlushes}",
            // Far enough apart for the largest batch to be written between two.
            $"pwrite64:error=ENOSPC:when={run.Random.Next(500, 1_000)}+{run.Random.Next(2_000, 3_000)}");
        await world.Coordinator.StartAsync();
        await world.MoreMessagesAsync(run.Size("failing-disk-messages", 1_500, 50_000), TimeSpan.FromHours(1));
        await load.EndAsync();
        var drained = await world.DrainAsync();
        var injected = File.ReadLines(Path.Combine(world.Coordinator.Folder, "injected.txt")).Where(line => line.Contains("INJECTED", StringComparison.Ordinal)).ToArray();
        var (flushes, writes) = (injected.Count(line => line.Contains("EIO", StringComparison.Ordinal)), injected.Count(line => line.Contains("ENOSPC", StringComparison.Ordinal)));
        var row = await new Judge(world).JudgeAsync(this, run);
        string[] shown = [flushes == 0 ? "no flush failed" : "", writes == 0 ? "no write failed" : "", world.ProducerCalls.Count(503) == 0 ? "nobody was told 503" : ""];
        return row with
        {
            Times = injected.Length,
            Violations = [.. row.Violations, .. shown.Where(problem => problem.Length > 0)],
            Note = FormattableString.Invariant($"{flushes} flushes and {writes} writes failed, {world.ProducerCalls.Count(503)} calls told 503, drained in {drained.TotalSeconds:0.0} s"),
        };
    }
}
