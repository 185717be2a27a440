namespace TxMsg.Server.Hosting;

/// <summary>What may stand on the command line: keys that somebody here reads, with their values, and the few words that are no configuration.</summary>
internal static class CommandLine
{
    private const string Prefix = "--";
    private const string Telemetry = "OTEL_";
    private static readonly string[] Help = ["--help", "-h", "-?"];

    // The last three are what .NET's tools and test hosts give every program.
    private static readonly string[] Roots = [WebHostDefaults.ServerUrlsKey, "TxMsg", "Logging", "Kestrel", HostDefaults.EnvironmentKey, HostDefaults.ContentRootKey, HostDefaults.ApplicationKey];

    /// <summary>Whether usage is wanted.</summary>
    public static bool AsksForHelp(string[] args) => args.Any(argument => Help.Contains(argument, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether the version is wanted.</summary>
    public static bool AsksForVersion(string[] args) => args.Contains("--version", StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses words that the configuration would pass over: who misspells a key must not get its default.</summary>
    /// <exception cref="StartException">It names the words.</exception>
    public static void Check(string[] args)
    {
        var failures = Wrong(args).ToArray();
        if (failures.Length > 0) throw new StartException($"{string.Join(" ", failures)} The command line has --Key value or --Key=value; --help shows the keys.");
    }

    private static IEnumerable<string> Wrong(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var word = args[i].Split('=', 2)[0];
            if (!word.StartsWith(Prefix, StringComparison.Ordinal)) yield return $"'{word}' is no key.";
            else if (!IsKey(word)) yield return $"'{word}' is not a known key.";
            if (!word.StartsWith(Prefix, StringComparison.Ordinal) || word.Length < args[i].Length) continue;
            // A value may begin as a key does, as a random one may, but where a key stands the value was forgotten.
            if (i + 1 < args.Length && !IsKey(args[i + 1].Split('=', 2)[0])) i++;
            else if (IsKey(word)) yield return $"'{word}' has no value.";
        }
    }

    private static bool IsKey(string word) => word.StartsWith(Prefix, StringComparison.Ordinal) && IsKnown(word[Prefix.Length..]);

    private static bool IsKnown(string key) =>
        key.StartsWith(Telemetry, StringComparison.OrdinalIgnoreCase) || Roots.Contains(key.Split(':')[0], StringComparer.OrdinalIgnoreCase);
}
