namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>The coordinator dies in the middle of its N-th write, flush or truncation of the store, for N after N.</summary>
internal sealed record CrashedAtWrite() : Fault(2, "crash-at-write", "SIGKILL at the N-th write and flush of the store's files, N swept, from the first start on")
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(20);

    public override string? Lacks => Strace.Lacks;

    public override IReadOnlyList<string> Sizes => ["crashes"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var crashes = run.Size("crashes", 3, 600);
        var births = run.IsLong ? 60 : 1;
        for (var birth = 1; birth <= births; birth++) await CrashAtBirthAsync(run.IsLong ? birth : run.Random.Next(1, 60));

        await using var world = await World.StartAsync(run);
        var load = world.StartLoad();
        var crashed = 0;
        for (var crash = 1; crash <= crashes; crash++)
        {
            var (call, number) = Next(run, crash);
            await world.KillAsync();
            world.Coordinator.Launcher = Strace.KillingAt(call, number);
            if (await LivesUntilTheCallAsync(world, run)) crashed++;
            world.Coordinator.Launcher = [];
            await world.Coordinator.StartAsync();
            if (crash % 20 == 0) run.Say($"{crashed} crashes in {crash} lives, {world.Recorder.Count} messages");
        }

        await load.EndAsync();
        var drained = await world.DrainAsync();
        var row = await new Judge(world).JudgeAsync(this, run);
        // Most numbers are reached; a run whose numbers were not has shown nothing.
        if (crashed < (crashes + 1) / 2) row = row with { Violations = [.. row.Violations, $"only {crashed} of {crashes} lives met their call"] };
        return row with { Times = crashed + births, Note = FormattableString.Invariant($"{births} at the first start; drained in {drained.TotalSeconds:0.0} s") };
    }

    // The long run meets every number in turn, the short one some by chance: writes of a page, and every flush.
    private static (string Call, int Number) Next(FaultRun run, int crash)
    {
        if (run.IsLong) return crash % 2 == 0 ? ("pwrite64", crash / 2) : (Strace.Flushes, (crash / 2) + 1);
        return crash % 2 == 0 ? ("pwrite64", run.Random.Next(1, 300)) : (Strace.Flushes, run.Random.Next(1, 40));
    }

    private static async Task<bool> LivesUntilTheCallAsync(World world, FaultRun run)
    {
        var coordinator = world.Coordinator;
        try
        {
            await coordinator.StartAsync();
        }
        catch (InvalidOperationException) when (coordinator.HasExited)
        {
            // It met the call before it was ready.
            world.Recorder.Strike();
            return true;
        }

        var end = DateTimeOffset.UtcNow + LongestLife;
        while (!coordinator.HasExited && DateTimeOffset.UtcNow < end) await Task.Delay(20, run.Cancellation);
        var met = coordinator.HasExited;
        await world.KillAsync();
        return met;
    }

    /// <summary>Half a schema must not keep the next start from making the rest.</summary>
    private static async Task CrashAtBirthAsync(int number)
    {
        await using var unborn = Coordinator.NotStarted(World.QuickSettings, Strace.KillingAt("pwrite64", number));
        try
        {
            await unborn.StartAsync();
            await unborn.KillAsync();
        }
        catch (InvalidOperationException) when (unborn.HasExited)
        {
            // As it should.
        }

        unborn.Launcher = [];
        await unborn.StartAsync();
        if (await unborn.StopAsync() is var code and not 0) throw new FaultTestException($"After a crash at write {number} of its first start the coordinator ended with {code}.");
        if (StoreFile.Check(Path.Combine(unborn.Folder, "data", "txmsg.db")) is [var problem, ..]) throw new FaultTestException($"After a crash at write {number} of the first start: {problem}");
    }
}
