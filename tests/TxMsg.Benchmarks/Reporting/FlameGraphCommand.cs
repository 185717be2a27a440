using TxMsg.Benchmarks.CommandLine;

namespace TxMsg.Benchmarks.Reporting;

/// <summary>Turns folded stacks, as <c>perf script</c> and any folding script make them, into a picture.</summary>
internal static class FlameGraphCommand
{
    public static int Run(Arguments arguments)
    {
        arguments.Allow("folded", "title", "output");
        var (folded, output) = (arguments.Text("folded", ""), arguments.Text("output", "flame-graph.svg"));
        if (!File.Exists(folded)) throw new UsageException("--folded takes the file of folded stacks.");
        File.WriteAllText(output, FlameGraph.Render(File.ReadLines(folded).Where(line => line.Length > 0), arguments.Text("title", Path.GetFileName(folded))));
        Console.WriteLine(Path.GetFullPath(output));
        return 0;
    }
}
