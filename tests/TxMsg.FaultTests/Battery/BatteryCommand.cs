using System.Globalization;

namespace TxMsg.FaultTests.Battery;

/// <summary>The command line of the battery.</summary>
internal sealed record BatteryCommand(IReadOnlyList<Fault> Faults, int Seed, bool IsLong, RunSizes Sizes, bool OnlyLists)
{
    public const string ReportPath = "artifacts/faults/faults.md";

    public const string Usage = """
        dotnet run -c Release --project tests/TxMsg.FaultTests -- [options]

          --list          names the faults and their sizes
          --faults A,B    only these, by name or number (default: all)
          --seed N        repeats the choices of a run (default: by chance, and printed)
          --long          the long run; without it each fault takes seconds
          --SIZE N        a size of a fault by its name: --kills 1000, --messages 1000000, --requests 1000000, ...

        The table goes to artifacts/faults/faults.md as well. Exit codes: 0 everything held, 1 something did not, 2 a wrong command line, 130 interrupted.
        """;

    /// <summary>The command, or what is wrong with it.</summary>
    public static (BatteryCommand? Command, string? Problem) Parse(IReadOnlyList<string> args)
    {
        var command = new BatteryCommand(FaultList.All, Random.Shared.Next(1, 1_000_000), IsLong: false, RunSizes.Default, OnlyLists: false);
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--long": command = command with { IsLong = true }; continue;
                case "--list": command = command with { OnlyLists = true }; continue;
            }

            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Count) return (null, $"'{args[i]}' is not an option, or lacks its value.");
            var (name, value) = (args[i][2..], args[++i]);
            if (name == "faults")
            {
                var wanted = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                if (wanted.FirstOrDefault(one => !FaultList.All.Any(fault => Is(fault, one))) is { } unknown) return (null, $"There is no fault '{unknown}'; --list names them.");
                command = command with { Faults = [.. FaultList.All.Where(fault => wanted.Any(one => Is(fault, one)))] };
                continue;
            }

            if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) return (null, $"--{name} takes a number from 1.");
            if (name == "seed") command = command with { Seed = number };
            else if (!FaultList.All.Any(fault => fault.Sizes.Contains(name))) return (null, $"No fault has a size '{name}'.");
            else sizes[name] = number;
        }

        return (command with { Sizes = new RunSizes(sizes) }, null);
    }

    /// <summary>Returns the exit code.</summary>
    public async Task<int> RunAsync(TextWriter output, CancellationToken cancellation)
    {
        if (OnlyLists)
        {
            foreach (var fault in Faults) await output.WriteLineAsync($"{fault.Number,3}  {fault.Name,-20} {fault.Summary}{string.Concat(fault.Sizes.Select(size => $" [--{size} N]"))}");
            return 0;
        }

        await output.WriteLineAsync($"seed {Seed}");
        var rows = new List<FaultRow>();
        foreach (var fault in Faults)
        {
            rows.Add(await BatteryRunner.RunAsync(fault, new FaultRun(Seed, IsLong, Sizes, output, cancellation)));
            // After each, so that a run that is broken off leaves what it has shown.
            await ReportAsync(rows);
        }

        await output.WriteLineAsync($"\n{FaultTable.Render(rows)}");
        return rows.All(row => row.Holds || row.Skipped is not null) ? 0 : 1;
    }

    private static bool Is(Fault fault, string wanted) => fault.Name == wanted || fault.Number.ToString(CultureInfo.InvariantCulture) == wanted;

    private static async Task ReportAsync(IReadOnlyList<FaultRow> rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ReportPath)!);
        var violations = rows.SelectMany(row => row.Violations.Select(violation => $"- {row.Fault}: {violation}\n"));
        await File.WriteAllTextAsync(ReportPath, $"{FaultTable.Render(rows)}\n{string.Concat(violations)}");
    }
}
