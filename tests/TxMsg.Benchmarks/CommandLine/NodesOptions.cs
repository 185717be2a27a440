using TxMsg.Benchmarks.Driving;

namespace TxMsg.Benchmarks.CommandLine;

internal sealed record NodesOptions
{
    private const string Variable = "TXMSG_TEST_SQLSERVER";
    private const int MostNodes = 16;

    public required string Server { get; init; }
    public required IReadOnlyList<int> Nodes { get; init; }
    public required IReadOnlyList<int> Connections { get; init; }
    public required DriveLimits Limits { get; init; }
    public required TimeSpan WarmUp { get; init; }
    public required int Rounds { get; init; }
    public required int PayloadBytes { get; init; }
    public required string? ServerAssembly { get; init; }
    public required string OutputDirectory { get; init; }

    public static NodesOptions From(Arguments arguments)
    {
        arguments.Allow("nodes", "connections", "seconds", "transactions", "warm-up-seconds", "rounds", "payload", "server", "output");
        return new NodesOptions
        {
            Server = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
                ? given
                : throw new UsageException($"{Variable} is not set: several nodes need a SQL Server, and SQLite is one node."),
            Nodes = arguments.Numbers("nodes", "1,2,3", MostNodes),
            Connections = arguments.Numbers("connections", "64", ThroughputOptions.MostConnections),
            Limits = DriveLimits.From(arguments),
            WarmUp = TimeSpan.FromSeconds(arguments.Number("warm-up-seconds", 10, 1, 600)),
            Rounds = arguments.Number("rounds", 3, 1, 100),
            PayloadBytes = arguments.Number("payload", 512, 1, ThroughputOptions.MostPayloadBytes),
            ServerAssembly = arguments.Has("server") ? arguments.Text("server", "") : null,
            OutputDirectory = Path.GetFullPath(arguments.Text("output", Path.Combine("artifacts", "benchmarks"))),
        };
    }
}
