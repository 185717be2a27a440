using System.Globalization;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Processes;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Nodes;

/// <summary>Measures what further nodes on the same database bring: in every round each number of nodes, in turn, so that what else the
/// machine does falls on all of them.</summary>
internal sealed class NodesCommand(NodesOptions options)
{
    public int Run(CancellationToken stop)
    {
        using var work = new WorkDirectory(options.OutputDirectory);
        var measurer = new NodesMeasurer(options, new ServerLauncher(ServerAssembly.Find(options.ServerAssembly), options.PayloadBytes), work, stop);
        var measurements = new List<NodesMeasurement>();
        for (var round = 1; round <= options.Rounds; round++)
            foreach (var connections in options.Connections)
                foreach (var nodes in Turns.Of(options.Nodes, round))
                {
                    var measured = measurer.Measure(nodes, connections, round);
                    measurements.Add(measured);
                    Say($"round {round}, {connections,4} connections, {nodes} nodes {measured.Drive.TransactionsPerSecond,9:F0} transactions/s, {measured.Drive.Transactions} delivered exactly once");
                }

        var report = NodesReport.Of(measurements, Machine.Describe(work.Format), measurer.DatabaseServer);
        report.Write(options.OutputDirectory);
        Say($"\n{report.Render()}");
        return 0;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
