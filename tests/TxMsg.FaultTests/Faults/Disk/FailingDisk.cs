using System.Diagnostics;

namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>For a while every flush fails with EIO, or the disk is full, or is full now and then; mended or freed, the coordinator must
/// go on by itself.</summary>
/// <remarks>After a failed flush Linux may have dropped the pages and says so once only: what was in them must be written anew, not flushed again.</remarks>
internal sealed record FailingDisk() : Fault(4, "failing-disk", "fsync fails with EIO and write with ENOSPC, 503, no false acknowledgement, recovery without an operator")
{
    private const string Writes = "pwrite64,ftruncate";

    // Every seventh write: most batches break off somewhere in their middle.
    private static readonly IReadOnlyList<(string Name, string Calls, string What)> Outages =
    [
        ("flushes", Strace.Flushes, "error=EIO"),
        ("writes to a full disk", Writes, "error=ENOSPC"),
        ("writes to a nearly full one", Writes, "error=ENOSPC:when=7+7"),
    ];

    private static readonly TimeSpan LongestRecovery = TimeSpan.FromSeconds(5);

    public override string? Lacks => Strace.Lacks;

    public override IReadOnlyList<string> Sizes => ["outages"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        await using var world = await World.StartAsync(run);
        var load = world.StartLoad();
        var outages = run.Size("outages", Outages.Count, 30 * Outages.Count);
        var failed = new int[Outages.Count];
        var slowest = TimeSpan.Zero;
        for (var outage = 0; outage < outages; outage++)
        {
            // Calm for longer than it fails: an outcome that cannot be recorded within its lease is rightly delivered again.
            await world.MoreMessagesAsync(run.Random.Next(300, 900));
            failed[outage % failed.Length] += await FailAsync(world, outage % failed.Length, refused: run.Random.Next(20, 400));
            var clock = Stopwatch.StartNew();
            await world.MoreMessagesAsync(1);
            if (clock.Elapsed > slowest) slowest = clock.Elapsed;
        }

        await world.MoreMessagesAsync(200);
        await load.EndAsync();
        var drained = await world.DrainAsync();
        var row = await new Judge(world).JudgeAsync(this, run);
        var shown = Outages.Zip(failed).Where(kind => kind.Second == 0).Select(kind => $"no failure of {kind.First.Name} was shown");
        string[] slow = run.JudgesTimes && slowest > LongestRecovery ? [$"I5: {slowest.TotalSeconds:0.0} s from a mended disk to the next acknowledged message"] : [];
        var kinds = string.Join(", ", Outages.Zip(failed).Select(kind => $"{kind.Second} {kind.First.Name}"));
        return row with
        {
            Times = outages,
            Violations = [.. row.Violations, .. shown, .. slow],
            Note = FormattableString.Invariant($"failed: {kinds}; {world.ProducerCalls.Count(503)} calls told 503, going on after at most {slowest.TotalSeconds:0.0} s, drained in {drained.TotalSeconds:0.0} s"),
        };
    }

    /// <summary>Until so many more calls were refused; returns how many calls to the disk failed.</summary>
    private static async Task<int> FailAsync(World world, int kind, int refused)
    {
        var (name, calls, what) = Outages[kind];
        var goal = world.ProducerCalls.Count(503) + refused;
        await using var failing = await Strace.AttachAsync(world, calls, what, world.StorePath, world.StorePath + "-wal");
        await world.UntilAsync($"{refused} more calls to be told 503 for {name}", () => Task.FromResult(world.ProducerCalls.Count(503) >= goal), TimeSpan.FromMinutes(1));
        return await failing.EndAsync();
    }
}
