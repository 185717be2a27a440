namespace TxMsg.Benchmarks.CommandLine;

internal sealed record PagesOptions
{
    public required int Messages { get; init; }
    public required int Repeats { get; init; }
    public required string? ServerAssembly { get; init; }
    public required string OutputDirectory { get; init; }

    public static PagesOptions From(Arguments arguments)
    {
        arguments.Allow("messages", "repeats", "server", "output");
        return new PagesOptions
        {
            Messages = arguments.Number("messages", 10_000_000, 100_000, 100_000_000),
            Repeats = arguments.Number("repeats", 21, 3, 1000),
            ServerAssembly = arguments.Has("server") ? arguments.Text("server", "") : null,
            OutputDirectory = Path.GetFullPath(arguments.Text("output", Path.Combine("artifacts", "benchmarks"))),
        };
    }
}
