using System.Diagnostics;

namespace TxMsg.FaultTests.Faults.Processes;

/// <summary>The coordinator dies without warning, again and again, in the middle of everything.</summary>
internal sealed record KilledAtRandom() : Fault(1, "kill", "kill -9 at random moments while 8 producers and 3 consumers run")
{
    public override IReadOnlyList<string> Sizes => ["kills", "messages", "minutes"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var (kills, messages) = (run.Size("kills", 8, 1_000), run.Size("messages", 2_000, 1_000_000));
        var limit = TimeSpan.FromMinutes(run.Size("minutes", 10, 24 * 60));
        await using var world = await World.StartAsync(run);
        var load = world.StartLoad();
        var killed = 0;
        for (var clock = Stopwatch.StartNew(); killed < kills && clock.Elapsed < limit; killed++)
        {
            // From the first answers of a life to well into its full load; what is left of the messages is spread over what is left of the kills.
            var share = Math.Max(1, (messages - world.Recorder.Acknowledged) / (kills - killed));
            await world.MoreMessagesAsync(run.Random.Next(1, 2 * share), TimeSpan.FromMinutes(5));
            await world.KillAsync();
            await world.Coordinator.StartAsync();
            if (killed % 20 == 19) run.Say($"{killed + 1} kills, {world.Recorder.Acknowledged} messages");
        }

        await world.MoreMessagesAsync(Math.Max(1, messages - world.Recorder.Acknowledged), TimeSpan.FromHours(1));
        await load.EndAsync();
        var drained = await world.DrainAsync();
        return await new Judge(world).JudgeAsync(this, run) with { Times = killed, Note = FormattableString.Invariant($"drained in {drained.TotalSeconds:0.0} s, {world.Endpoints.CheckBacks} check-backs") };
    }
}
