namespace TxMsg.Benchmarks.CommandLine;

internal sealed record PerformanceOptions
{
    public const string Sections = "batch,growth,fan-out,payload,check-backs,soak";

    public required IReadOnlyList<string> Only { get; init; }
    public required TimeSpan Duration { get; init; }
    public required TimeSpan WarmUp { get; init; }
    public required TimeSpan Soak { get; init; }
    public required IReadOnlyList<int> Stored { get; init; }
    public required string? ServerAssembly { get; init; }
    public required string OutputDirectory { get; init; }

    public static PerformanceOptions From(Arguments arguments)
    {
        arguments.Allow("only", "seconds", "warm-up-seconds", "soak-minutes", "stored", "server", "output");
        return new PerformanceOptions
        {
            Only = arguments.Texts("only", Sections),
            Duration = TimeSpan.FromSeconds(arguments.Number("seconds", 10, 1, 3600)),
            WarmUp = TimeSpan.FromSeconds(arguments.Number("warm-up-seconds", 12, 1, 600)),
            Soak = TimeSpan.FromMinutes(arguments.Number("soak-minutes", 30, 1, 1440)),
            Stored = arguments.Numbers("stored", "1000,100000,1000000,10000000", 100_000_000),
            ServerAssembly = arguments.Has("server") ? arguments.Text("server", "") : null,
            OutputDirectory = Path.GetFullPath(arguments.Text("output", Path.Combine("artifacts", "benchmarks"))),
        };
    }
}
