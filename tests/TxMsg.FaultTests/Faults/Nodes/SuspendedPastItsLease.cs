namespace TxMsg.FaultTests.Faults.Nodes;

/// <summary>One of two nodes stands still for longer than its leases, and goes on as if nothing had happened: another has its work by then.</summary>
internal sealed record SuspendedPastItsLease() : Fault(8, "suspend", "SIGSTOP past the lease, then SIGCONT, with a second node on the same database")
{
    // The sweep that finds a lease expired, and something more.
    private const int ShortestMs = 6_000;
    private const int LongestMs = 14_000;

    // Consumers by the attempts that a node makes at once to each: so many can be under way when it is stopped, and as many can be about to
    // begin, which it had the right to a moment before.
    private const int UnderWay = 3 * 16 * 2;

    public override string? Lacks => ServerDatabase.Server is null ? TestStores.NotConfigured : null;

    public override IReadOnlyList<string> Sizes => ["suspensions"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var suspensions = run.Size("suspensions", 2, 100);
        await using var world = await World.StartNodesAsync(run, 2);
        var load = world.StartLoad();
        for (var suspension = 1; suspension <= suspensions; suspension++)
        {
            await world.MoreMessagesAsync(run.Random.Next(50, 150));
            await SuspendAsync(world, world.Nodes[run.Random.Next(2)], run);
            run.Say($"{suspension} suspensions, {world.Recorder.Count} messages");
        }

        await world.MoreMessagesAsync(100);
        await load.EndAsync();
        var drained = await world.DrainAsync();
        var row = await new Judge(world).JudgeAsync(this, run) with { Times = suspensions, Note = FormattableString.Invariant($"two nodes on SQL Server, drained in {drained.TotalSeconds:0.0} s") };
        return row.Duplicated <= suspensions * UnderWay
            ? row
            : row with { Violations = [.. row.Violations, $"I4: {row.Duplicated} were sent again, and at most {suspensions * UnderWay} were under way: a node was not fenced"] };
    }

    private static async Task SuspendAsync(World world, Coordinator node, FaultRun run)
    {
        node.Suspend();
        world.Recorder.Strike();
        // The load balancer notices; what the node was asked before is not answered any more.
        world.Serving = [.. world.Nodes.Where(other => other != node)];
        await Task.Delay(World.NodesLease + TimeSpan.FromMilliseconds(run.Random.Next(ShortestMs, LongestMs)), run.Cancellation);
        // Who was talking to it asks the other for the same messages, which it may hold locks on, all of them: whoever comes now goes on.
        var others = world.StartLoad(clientsOfEach: 1);
        await world.MoreMessagesAsync(100);
        // What was about to be sent when it was stopped is sent now.
        world.Recorder.Strike();
        node.Resume();
        world.Serving = world.Nodes;
        await others.EndAsync();
    }
}
