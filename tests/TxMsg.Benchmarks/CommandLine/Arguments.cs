using System.Globalization;

namespace TxMsg.Benchmarks.CommandLine;

/// <summary>A command and its <c>--name value</c> options; an option without a value is a switch.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private Arguments(string command) => Command = command;

    public string Command { get; }

    public static Arguments Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || args.Contains("--help")) return new Arguments("help");
        var parsed = new Arguments(args[0]);
        for (var i = 1; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                throw new UsageException($"'{args[i]}' is not an option; options begin with --.");
            var hasValue = i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            parsed.values[args[i][2..]] = hasValue ? args[++i] : "true";
        }

        return parsed;
    }

    /// <summary>Names every option that the command does not know, so that a typing error does not run for minutes.</summary>
    public Arguments Allow(params string[] names)
    {
        var unknown = values.Keys.Except(names).Select(name => "--" + name).ToList();
        return unknown.Count == 0
            ? this
            : throw new UsageException($"{Command} does not know {string.Join(", ", unknown)}.");
    }

    public bool Has(string name) => values.ContainsKey(name);

    public string Text(string name, string fallback) => values.GetValueOrDefault(name, fallback);

    public int Number(string name, int fallback, int min = 0, int max = int.MaxValue) =>
        values.TryGetValue(name, out var text) ? ToNumber(name, text, min, max) : fallback;

    public IReadOnlyList<int> Numbers(string name, string fallback, int max) =>
        [.. Texts(name, fallback).Select(text => ToNumber(name, text, 1, max))];

    public IReadOnlyList<string> Texts(string name, string fallback) =>
        Text(name, fallback).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int ToNumber(string name, string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new UsageException($"--{name} takes a whole number from {min} to {max}, not '{text}'.");
}
