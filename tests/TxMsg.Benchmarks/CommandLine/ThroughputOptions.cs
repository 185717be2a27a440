using TxMsg.Benchmarks.Driving;

namespace TxMsg.Benchmarks.CommandLine;

internal sealed record ThroughputOptions
{
    public const int MostConnections = 4096;
    public const int MostPayloadBytes = 65_536;

    private static readonly string[] Names =
    [
        "driver", "connections", "transactions", "seconds", "payload", "history", "tabs", "only", "rounds", "warm-up-seconds", "strace", "server", "output",
    ];

    public required IReadOnlyList<DriverKind> Drivers { get; init; }
    public required IReadOnlyList<int> Connections { get; init; }
    public required DriveLimits Limits { get; init; }
    public required int PayloadBytes { get; init; }
    public required int History { get; init; }
    public required int Tabs { get; init; }
    public required IReadOnlyList<string> Only { get; init; }
    public required int Rounds { get; init; }
    public required TimeSpan WarmUp { get; init; }
    public required bool Strace { get; init; }
    public required string? ServerAssembly { get; init; }
    public required string OutputDirectory { get; init; }

    public static ThroughputOptions From(Arguments arguments) => Read(arguments.Allow(Names));

    /// <summary>One long measurement of the server alone, for the peak of its working memory.</summary>
    public static ThroughputOptions ForMemory(Arguments arguments)
    {
        var options = Read(arguments.Allow(Names));
        return options with
        {
            Drivers = DriverKind.Chosen(arguments.Texts("driver", DriverKind.Lean.Name)),
            Connections = arguments.Numbers("connections", "64", MostConnections),
            Limits = arguments.Has("transactions") ? options.Limits : new DriveLimits(1_000_000, TimeSpan.FromHours(1)),
            Only = arguments.Texts("only", "txmsg"),
            Rounds = arguments.Number("rounds", 1, 1, 100),
        };
    }

    private static ThroughputOptions Read(Arguments arguments) => new()
    {
        Drivers = DriverKind.Chosen(arguments.Texts("driver", DriverKind.AllNames)),
        Connections = arguments.Numbers("connections", "1,16,64,256", MostConnections),
        Limits = DriveLimits.From(arguments),
        PayloadBytes = arguments.Number("payload", 512, 1, MostPayloadBytes),
        History = arguments.Number("history", 0, 0, 20_000_000),
        Tabs = arguments.Number("tabs", 0, 0, 1000),
        Only = arguments.Texts("only", "txmsg,noop,floor"),
        Rounds = arguments.Number("rounds", 3, 1, 100),
        WarmUp = TimeSpan.FromSeconds(arguments.Number("warm-up-seconds", 20, 1, 600)),
        Strace = arguments.Has("strace"),
        ServerAssembly = arguments.Has("server") ? arguments.Text("server", "") : null,
        OutputDirectory = Path.GetFullPath(arguments.Text("output", Path.Combine("artifacts", "benchmarks"))),
    };
}
