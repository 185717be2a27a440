namespace TxMsg.FaultTests.Faults.Nodes;

/// <summary>Two nodes are stopped and started one after the other, as for an upgrade, while producers go on. Nothing excuses a duplicate.</summary>
internal sealed record RestartedInTurn() : Fault(18, "rolling-restart", "a rolling restart of two nodes on the same database under load")
{
    public override string? Lacks => ServerDatabase.Server is null ? TestStores.NotConfigured : null;

    public override IReadOnlyList<string> Sizes => ["restarts"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var restarts = run.Size("restarts", 2, 100);
        await using var world = await World.StartNodesAsync(run, 2);
        var load = world.StartLoad();
        for (var restart = 1; restart <= restarts; restart++)
        {
            await world.MoreMessagesAsync(run.Random.Next(50, 150));
            var node = world.Nodes[restart % 2];
            var stopped = await node.StopAsync();
            if (stopped != 0) throw new FaultTestException($"A graceful stop ended with {stopped}.");
            // Calls go on coming to it for a while: its clients turn to the other by themselves.
            await world.MoreMessagesAsync(20);
            await node.StartAsync();
            run.Say($"{restart} restarts, {world.Recorder.Count} messages");
        }

        await world.MoreMessagesAsync(100);
        await load.EndAsync();
        var drained = await world.DrainAsync();
        return await new Judge(world).JudgeAsync(this, run) with { Times = restarts, Note = FormattableString.Invariant($"two nodes on SQL Server, drained in {drained.TotalSeconds:0.0} s") };
    }
}
