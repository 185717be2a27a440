using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Processes;
using TxMsg.Benchmarks.Receiving;

namespace TxMsg.Benchmarks.Nodes;

/// <summary>Measures one number of nodes at one number of connections, in processes of their own on a fresh database.</summary>
internal sealed class NodesMeasurer(NodesOptions options, ServerLauncher launcher, WorkDirectory work, CancellationToken stop)
{
    // Second deliveries would come within it: leases are longer, but no node dies here.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3);

    /// <summary>What the database server calls itself, once something was measured.</summary>
    public string DatabaseServer { get; private set; } = "";

    public NodesMeasurement Measure(int nodes, int connections, int round)
    {
        using var database = new BenchmarkDatabase(options.Server);
        DatabaseServer = database.ServerVersion;
        var processes = new List<ServerProcess>();
        try
        {
            for (var node = 0; node < nodes; node++) processes.Add(launcher.StartNode(work.For($"node-{round}-{nodes}-{connections}-{node}"), database.ConnectionString));
            return Measure(processes, connections, round);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new BenchmarkFailedException($"{failure.Message}\n--- the nodes' logs end:\n{string.Join("\n---\n", processes.Select(process => process.LogTail))}");
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }
    }

    private NodesMeasurement Measure(IReadOnlyList<ServerProcess> nodes, int connections, int round)
    {
        foreach (var node in nodes)
        {
            using var http = new HttpClient { BaseAddress = node.Url };
            Setup.WaitUntilReady(http, () => node.IsRunning, stop);
        }

        using var first = new HttpClient { BaseAddress = nodes[0].Url };
        using var driver = new Driver([.. nodes.Select(node => node.Url)], options.PayloadBytes);
        driver.Deliveries.Signatures = new SignatureSample(Setup.Register(first, driver.Endpoint, stop));
        // The others read the registry every 250 ms.
        _ = driver.WaitUntil(() => false, TimeSpan.FromSeconds(1), stop);
        Run(driver, connections, options.Limits with { Duration = options.WarmUp });
        var before = nodes.Sum(CpuSeconds);
        var drive = Run(driver, connections, options.Limits);
        return new NodesMeasurement(nodes.Count, connections, round, drive, nodes.Sum(CpuSeconds) - before);
    }

    private DriveResult Run(Driver driver, int connections, DriveLimits limits)
    {
        var result = driver.Run(connections, limits, stop);
        _ = driver.WaitUntil(() => false, Late, stop);
        driver.CheckExactlyOnce();
        return result;
    }

    private static double CpuSeconds(ServerProcess node) => ProcessUsage.Of(node.Id).CpuSeconds;
}
