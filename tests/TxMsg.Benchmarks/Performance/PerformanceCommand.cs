using System.Globalization;
using System.Text;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Processes;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Performance;

/// <summary>Measures how cost grows: with what is stored, with subscriptions, with the payload, with time; and what the batch calls and check-backs do.</summary>
internal sealed class PerformanceCommand(PerformanceOptions options)
{
    public int Run(CancellationToken stop)
    {
        using var work = new WorkDirectory(options.OutputDirectory);
        var bench = new Bench(options, work, stop);
        var sections = new Dictionary<string, Func<string>>
        {
            ["batch"] = new BatchSection(bench).Run,
            ["growth"] = new GrowthSection(bench).Run,
            ["fan-out"] = new FanOutSection(bench).Run,
            ["payload"] = new PayloadSection(bench).Run,
            ["check-backs"] = new CheckBackSection(bench).Run,
            ["soak"] = new SoakSection(bench).Run,
        };
        if (options.Only.FirstOrDefault(name => !sections.ContainsKey(name)) is { } unknown)
            throw new UsageException($"--only takes {PerformanceOptions.Sections}, not '{unknown}'.");
        var machine = Machine.Describe(work.Format);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{machine}.\n");
        foreach (var name in options.Only)
        {
            Console.WriteLine($"{name} ...");
            text.Append('\n').Append(sections[name]());
            // After each, so that a run that is broken off leaves what it has shown.
            File.WriteAllText(Path.Combine(options.OutputDirectory, "performance.md"), text.ToString());
        }

        Console.WriteLine(text.ToString());
        return 0;
    }
}
