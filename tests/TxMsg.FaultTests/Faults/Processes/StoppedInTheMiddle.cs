namespace TxMsg.FaultTests.Faults.Processes;

/// <summary>The coordinator is asked to end, again and again, in the middle of everything. Unlike a kill this is no excuse for anything to come twice.</summary>
internal sealed record StoppedInTheMiddle() : Fault(18, "terminate", "SIGTERM in the middle of everything, again and again: nothing comes twice")
{
    // Some attempts are under way whenever the coordinator is asked to end.
    private const int SlowestAnswerMilliseconds = 200;

    public override IReadOnlyList<string> Sizes => ["stops"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var stops = run.Size("stops", 3, 200);
        var random = new Random(run.Random.Next());
        await using var world = await World.StartAsync(run);
        world.Endpoints.Consume = ConsumeAsync;
        var load = world.StartLoad();
        for (var stop = 1; stop <= stops; stop++)
        {
            await world.MoreMessagesAsync(run.Random.Next(1, 300));
            var exitCode = await world.Coordinator.StopAsync();
            if (exitCode != 0) world.Recorder.Violate($"a graceful stop ended with {exitCode}: {world.LogTail(5)}");
            await world.Coordinator.StartAsync();
        }

        await world.MoreMessagesAsync(100);
        await load.EndAsync();
        var drained = await world.DrainAsync();
        return await new Judge(world).JudgeAsync(this, run) with { Times = stops, Note = FormattableString.Invariant($"drained in {drained.TotalSeconds:0.0} s") };

        async Task<ConsumerAnswer> ConsumeAsync(Delivery delivery)
        {
            int milliseconds;
            lock (random) milliseconds = random.Next(4) == 0 ? random.Next(SlowestAnswerMilliseconds) : 0;
            if (milliseconds > 0) await Task.Delay(milliseconds, delivery.End);
            return ConsumerAnswer.Acknowledge;
        }
    }
}
