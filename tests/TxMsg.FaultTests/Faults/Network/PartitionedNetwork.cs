namespace TxMsg.FaultTests.Faults.Network;

/// <summary>The network between the coordinator, its producers and its consumers comes and goes, on each way by itself.</summary>
internal sealed record PartitionedNetwork() : Fault(10, "partition", "partitions, half-open connections, resets and reordered healing on every way to and from the coordinator")
{
    private const int ShortestMilliseconds = 100;
    private const int StrikeMilliseconds = 500;

    public override IReadOnlyList<string> Sizes => ["rounds"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var rounds = run.Size("rounds", 5, 400);
        await using var toCoordinator = new TcpProxy(run.Random.Next());
        await using var toConsumers = new TcpProxy(run.Random.Next());
        await using var toCheckBacks = new TcpProxy(run.Random.Next());
        var ways = new Ways { ToCoordinator = toCoordinator.To, ToConsumers = toConsumers.To, ToCheckBacks = toCheckBacks.To, CallTimeout = TimeSpan.FromSeconds(2) };
        TcpProxy[] all = [toCoordinator, toConsumers, toCheckBacks];
        // Shorter than the longest partition, so that some attempts are given up within it and some are not.
        await using var world = await World.StartAsync(run, settings => settings.With("TxMsg:Deliveries:Timeout", "00:00:01").With("TxMsg:CheckBacks:Timeout", "00:00:01"), producers: 4, ways: ways);
        var load = world.StartLoad(clientsOfEach: 2);
        for (var round = 1; round <= rounds; round++)
        {
            await world.MoreMessagesAsync(50);
            var struck = Draw(run, all);
            foreach (var way in struck)
            {
                await way.ChangeAsync((Weather)run.Random.Next(1, Enum.GetValues<Weather>().Length));
                if (way == toConsumers) world.Recorder.Strike();
            }

            // A partition is a matter of time: shorter than every timeout, or longer than some of them.
            for (var left = run.Random.Next(ShortestMilliseconds, run.IsLong ? 5_000 : 1_500); left > 0; left -= StrikeMilliseconds)
            {
                await Task.Delay(Math.Min(left, StrikeMilliseconds), run.Cancellation);
                // Any answer in between may be lost, and the delivery come again: also one that begins and ends within the partition.
                if (struck.Contains(toConsumers)) world.Recorder.Strike();
            }

            foreach (var way in struck)
            {
                if (way == toConsumers) world.Recorder.Strike();
                await way.ChangeAsync(Weather.Fair);
                if (way == toConsumers) world.Recorder.Strike();
            }

            if (round % 20 == 0) run.Say($"{round} rounds, {world.Recorder.Count} messages");
        }

        await load.EndAsync();
        var drained = await world.DrainAsync();
        var judge = new Judge(world) { WireLoses = true };
        return await judge.JudgeAsync(this, run) with
        {
            Times = rounds,
            Note = FormattableString.Invariant($"{all.Sum(way => way.Resets)} resets, drained in {drained.TotalSeconds:0.0} s, {world.Endpoints.CheckBacks} check-backs"),
        };
    }

    // Any of the ways, at least one.
    private static TcpProxy[] Draw(FaultRun run, TcpProxy[] all)
    {
        var drawn = all.Where(_ => run.Random.Next(2) == 0).ToArray();
        return drawn.Length > 0 ? drawn : [all[run.Random.Next(all.Length)]];
    }
}
