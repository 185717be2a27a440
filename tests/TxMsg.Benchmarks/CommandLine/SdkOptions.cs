namespace TxMsg.Benchmarks.CommandLine;

internal sealed record SdkOptions
{
    private const int MostCallers = 256;

    public required IReadOnlyList<int> Callers { get; init; }
    public required TimeSpan Duration { get; init; }
    public required TimeSpan WarmUp { get; init; }
    public required int Rounds { get; init; }
    public required string? ServerAssembly { get; init; }
    public required string OutputDirectory { get; init; }

    public static SdkOptions From(Arguments arguments)
    {
        arguments.Allow("callers", "seconds", "warm-up-seconds", "rounds", "server", "output");
        return new SdkOptions
        {
            Callers = arguments.Numbers("callers", "1,16", MostCallers),
            Duration = TimeSpan.FromSeconds(arguments.Number("seconds", 10, 1, 3600)),
            WarmUp = TimeSpan.FromSeconds(arguments.Number("warm-up-seconds", 5, 1, 600)),
            Rounds = arguments.Number("rounds", 3, 1, 100),
            ServerAssembly = arguments.Has("server") ? arguments.Text("server", "") : null,
            OutputDirectory = Path.GetFullPath(arguments.Text("output", Path.Combine("artifacts", "benchmarks"))),
        };
    }
}
