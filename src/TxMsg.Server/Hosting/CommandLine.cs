namespace TxMsg.Server.Hosting;

/// <summary>The few words on the command line that are not configuration.</summary>
internal static class CommandLine
{
    private static readonly string[] Help = ["--help", "-h", "-?"];

    /// <summary>Whether usage is wanted.</summary>
    public static bool AsksForHelp(string[] args) => args.Any(argument => Help.Contains(argument, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether the version is wanted.</summary>
    public static bool AsksForVersion(string[] args) => args.Contains("--version", StringComparer.OrdinalIgnoreCase);
}
