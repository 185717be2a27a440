using System.Net.Sockets;

namespace TxMsg.FaultTests.Faults.Processes;

/// <summary>The process may open nothing more, and is asked to open more; then it may again, or is started again if it ended, as by its supervisor.</summary>
internal sealed record OutOfHandles() : Fault(17, "out-of-handles", "no file handle left, under load and with a hundred more connections; then given back")
{
    private const int MoreConnections = 100;

    public override IReadOnlyList<string> Sizes => ["exhausted-seconds"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        await using var world = await World.StartAsync(run);
        var load = world.StartLoad();
        await world.MoreMessagesAsync(200);
        var process = world.Coordinator.ProcessId;
        var (before, unanswered) = (ProcessUsage.Of(process).Handles, world.ProducerCalls.Unanswered + world.ProducerCalls.Count(503));
        var allowed = File.ReadLines($"/proc/{process}/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        // A limit below what is open already: the next open fails, what is open works on.
        await Tool.RunAsync("prlimit", $"--pid={process}", $"--nofile={before}:");
        var connections = Enumerable.Range(0, MoreConnections).Select(_ => new TcpClient()).ToList();
        try
        {
            await Task.WhenAll(connections.Select(connection => connection.ConnectAsync(world.Coordinator.Address.Host, world.Coordinator.Address.Port, run.Cancellation).AsTask()));
            await Task.Delay(TimeSpan.FromSeconds(run.Size("exhausted-seconds", 3, 60)), run.Cancellation);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
            if (!world.Coordinator.HasExited) await Tool.RunAsync("prlimit", $"--pid={process}", $"--nofile={allowed}:");
        }

        var ended = world.Coordinator.HasExited;
        if (ended)
        {
            run.Say($"it ended, having printed last:\n{world.LogTail(15)}");
            await world.KillAsync();
            await world.Coordinator.StartAsync();
        }

        unanswered = world.ProducerCalls.Unanswered + world.ProducerCalls.Count(503) - unanswered;
        await world.MoreMessagesAsync(200);
        await load.EndAsync();
        var drained = await world.DrainAsync();
        return await new Judge(world).JudgeAsync(this, run) with { Times = 1, Note = FormattableString.Invariant($"at {before} handles; {unanswered} calls told 503 or not answered meanwhile; {(ended ? "ended of it and started again" : "lived through it")}; drained in {drained.TotalSeconds:0.0} s") };
    }
}
