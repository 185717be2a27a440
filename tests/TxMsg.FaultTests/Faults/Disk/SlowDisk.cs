namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>Each flush takes 300 ms longer: whoever comes is answered within bounds, with success or with 503, and nothing piles up.</summary>
internal sealed record SlowDisk() : Fault(5, "slow-disk", "each flush delayed by 300 ms, a short write queue: 503 at once for whom there is no room, bounded latency, then drained")
{
    private const int Delay = 300_000;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(8);

    public override string? Lacks => Strace.Lacks;

    public override IReadOnlyList<string> Sizes => ["slow-disk-messages"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        await using var world = await World.StartAsync(run, settings => settings.With("TxMsg:Limits:WriteQueueLength", "16"));
        await world.KillAsync();
        world.Coordinator.Launcher = Strace.Injecting($"{Strace.Flushes}:delay_enter={Delay}");
        await world.Coordinator.StartAsync();
        var load = world.StartLoad();
        await world.MoreMessagesAsync(run.Size("slow-disk-messages", 40, 5_000), TimeSpan.FromHours(1));
        await load.EndAsync();
        var (refused, unanswered, slowest) = (world.ProducerCalls.Count(503), world.ProducerCalls.Unanswered, world.ProducerCalls.Slowest);
        var drained = await world.DrainAsync();
        var row = await new Judge(world).JudgeAsync(this, run);
        string[] problems = [refused == 0 ? "nobody was told 503" : "", unanswered > 0 ? $"I5: {unanswered} calls were not answered" : "", run.JudgesTimes && slowest > LongestAnswer ? $"I5: an answer took {slowest.TotalSeconds:0.0} s" : ""];
        return row with
        {
            Times = 1,
            Violations = [.. row.Violations, .. problems.Where(problem => problem.Length > 0)],
            Note = FormattableString.Invariant($"{refused} calls told 503, slowest answer {slowest.TotalSeconds:0.0} s, drained in {drained.TotalSeconds:0.0} s"),
        };
    }
}
