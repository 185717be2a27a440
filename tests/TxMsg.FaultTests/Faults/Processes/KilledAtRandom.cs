namespace TxMsg.FaultTests.Faults.Processes;

/// <summary>The coordinator dies without warning, again and again, in the middle of everything.</summary>
internal sealed record KilledAtRandom() : Fault(1, "kill", "kill -9 at random moments while 8 producers and 3 consumers run")
{
    // Of a life: from the first answer to well into full load.
    private const int ShortestLife = 10;
    private const int LongestLife = 1_500;

    public override IReadOnlyList<string> Sizes => ["kills", "messages"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var (kills, messages) = (run.Size("kills", 8, 1_000), run.Size("messages", 2_000, 1_000_000));
        await using var world = await World.StartAsync(run);
        var load = world.StartLoad();
        for (var kill = 1; kill <= kills; kill++)
        {
            // What is left of the messages is spread over what is left of the kills.
            var life = Math.Max(run.Random.Next(ShortestLife, LongestLife), (messages - world.Recorder.Count) / (kills - kill + 1));
            await world.MoreMessagesAsync(run.IsLong ? life : Math.Min(life, messages / kills));
            await world.KillAsync();
            await world.Coordinator.StartAsync();
            if (kill % 20 == 0) run.Say($"{kill} kills, {world.Recorder.Count} messages");
        }

        await world.MoreMessagesAsync(Math.Max(1, messages - world.Recorder.Count), TimeSpan.FromHours(1));
        await load.EndAsync();
        var drained = await world.DrainAsync();
        return await new Judge(world).JudgeAsync(this, run) with { Times = kills, Note = FormattableString.Invariant($"drained in {drained.TotalSeconds:0.0} s, {world.Endpoints.CheckBacks} check-backs") };
    }
}
