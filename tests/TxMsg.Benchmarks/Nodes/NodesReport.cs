using System.Globalization;
using System.Text;
using System.Text.Json;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Nodes;

/// <summary>Medians of the rounds; ratios are of one round, too, before their median is taken.</summary>
internal sealed record NodesReport(Machine Machine, string DatabaseServer, IReadOnlyList<NodesRow> Rows, IReadOnlyList<NodesMeasurement> Measurements)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly string[] Columns =
        ["nodes", "connections", "transactions/s", "to one node", "prepare p50 ms", "p99", "commit p50 ms", "p99", "delivered p50 ms", "p99", "nodes' CPU s/100k", "cores of nodes and driver"];

    public static NodesReport Of(IReadOnlyList<NodesMeasurement> measurements, Machine machine, string databaseServer) => new(
        machine, databaseServer,
        [.. measurements.GroupBy(one => (one.Connections, one.Nodes)).OrderBy(group => group.Key)
            .Select(group => NodesRow.Of([.. group], [.. measurements.Where(one => one.Nodes == 1 && one.Connections == group.Key.Connections)]))],
        measurements);

    public string Render()
    {
        var text = new StringBuilder("# Several nodes on one database\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Machine}; database server {DatabaseServer}.\n");
        text.Append("Nodes, driver and, where it runs on this machine, the database share the cores. Every message was delivered exactly once. Each ratio is to one\n");
        text.Append("node in the same round with as many connections in all; medians of the rounds.\n\n");
        return text.Append(TextTable.Render(Columns, [.. Rows.Select(row => row.Cells())])).ToString();
    }

    public void Write(string directory)
    {
        File.WriteAllText(Path.Combine(directory, "nodes.md"), Render());
        File.WriteAllText(Path.Combine(directory, "nodes.json"), JsonSerializer.Serialize(this, Json));
    }
}

/// <summary>One number of nodes at one number of connections.</summary>
/// <param name="RatioToOne">Null where one node was not measured.</param>
internal sealed record NodesRow(
    int Nodes, int Connections, double TransactionsPerSecond, double? RatioToOne, double PrepareP50, double PrepareP99, double CommitP50, double CommitP99,
    double DeliveredP50, double DeliveredP99, double NodesCpuSecondsPer100K, double Cores)
{
    public static NodesRow Of(IReadOnlyList<NodesMeasurement> rounds, IReadOnlyList<NodesMeasurement> alone)
    {
        return new NodesRow(
            rounds[0].Nodes, rounds[0].Connections,
            Value(one => one.Drive.TransactionsPerSecond),
            alone.Count == 0 ? null : Value(one => one.Drive.TransactionsPerSecond / alone.Single(other => other.Round == one.Round).Drive.TransactionsPerSecond),
            Value(one => one.Drive.Prepare.P50Milliseconds), Value(one => one.Drive.Prepare.P99Milliseconds),
            Value(one => one.Drive.Commit.P50Milliseconds), Value(one => one.Drive.Commit.P99Milliseconds),
            Value(one => one.Drive.CommitToDelivered.P50Milliseconds), Value(one => one.Drive.CommitToDelivered.P99Milliseconds),
            Value(one => one.NodesCpuSeconds / one.Drive.Transactions * 1e5),
            Value(one => (one.NodesCpuSeconds + one.Drive.DriverCpuSeconds) / one.Drive.Seconds));

        double Value(Func<NodesMeasurement, double> of) => Median.Of(rounds.Select(of));
    }

    public string[] Cells() =>
    [
        Text($"{Nodes}"), Text($"{Connections}"), Text($"{TransactionsPerSecond:F0}"), RatioToOne is { } ratio ? Text($"{ratio:F2}") : "",
        Text($"{PrepareP50:F1}"), Text($"{PrepareP99:F1}"), Text($"{CommitP50:F1}"), Text($"{CommitP99:F1}"), Text($"{DeliveredP50:F1}"), Text($"{DeliveredP99:F1}"),
        Text($"{NodesCpuSecondsPer100K:F1}"), Text($"{Cores:F2}"),
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
