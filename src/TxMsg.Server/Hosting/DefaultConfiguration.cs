namespace TxMsg.Server.Hosting;

/// <summary>Where the configuration comes from. Each later source outranks the earlier; the defaults hold without any file.</summary>
internal static class DefaultConfiguration
{
    private static readonly Dictionary<string, string?> Values = new()
    {
        ["Urls"] = "http://127.0.0.1:5080",
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        // It warns that keys lie unencrypted: so documented, and the folder is the owner's alone.
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
        // It logs every token that is not valid, with a stack, for whoever sends one; RefusalLog tells of them once a minute.
        ["Logging:LogLevel:Microsoft.AspNetCore.Antiforgery"] = "None",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
        ["Logging:LogLevel:Hangfire"] = "Warning",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ ",
    };

    /// <summary>Adds the defaults, the files, the environment and the command line.</summary>
    public static void AddTo(IConfigurationBuilder configuration, string[] args)
    {
        configuration.AddInMemoryCollection(Values);
        // Files are read once: no option changes while the server runs.
        AddFile(configuration, AppContext.BaseDirectory);
        configuration.AddEnvironmentVariables("ASPNETCORE_");
        AddFile(configuration, Directory.GetCurrentDirectory());
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(args);
    }

    private static void AddFile(IConfigurationBuilder configuration, string folder) =>
        configuration.AddJsonFile(Path.Combine(folder, "appsettings.json"), optional: true, reloadOnChange: false);
}
