using System.Diagnostics;

namespace TxMsg.Samples.Shop.Processes;

/// <summary>One of the shop's processes, under its <see cref="Guard"/>: started, killed and started again, always with the same command line. What it prints goes to a log file.</summary>
internal sealed class ChildProcess(string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string folder) : IDisposable
{
    // The coordinator and the services are configured by their command line only.
    private static readonly string[] NotInherited = ["TxMsg", "ASPNETCORE_", "DOTNET_ENVIRONMENT", "Urls"];

    private readonly Lock logging = new();
    private Process? process;
    private int duplicates;

    public string Name { get; } = name;

    /// <summary>How many deliveries its inbox caught, over all its lives.</summary>
    public int Duplicates => Volatile.Read(ref duplicates);

    /// <summary>How often it was killed by <see cref="Kill"/>.</summary>
    public int Kills { get; private set; }

    public string LogPath => Path.Combine(folder, Name + ".log");

    public bool IsRunning => process is { HasExited: false };

    public void Start()
    {
        process?.Dispose();
        // The folder is the working directory, so that nobody reads a configuration that lies about somewhere.
        var start = new ProcessStartInfo(DotNet, [typeof(Guard).Assembly.Location, "guard", DotNet, .. command])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in start.Environment.Keys.Where(key => NotInherited.Any(prefix => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToArray())
            start.Environment.Remove(variable);
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        process = Process.Start(start) ?? throw new InvalidOperationException($"{Name} could not be started.");
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>SIGKILL. Returns when it is gone, and all that it printed is read.</summary>
    public void Kill()
    {
        if (process is null) return;
        End(process);
        Kills++;
    }

    /// <summary>Waits until it has ended by itself, as it does at a crash point.</summary>
    public Task WaitForCrashAsync(CancellationToken cancellationToken) => process!.WaitForExitAsync(cancellationToken);

    public void Dispose()
    {
        if (process is null) return;
        End(process);
        process.Dispose();
        process = null;
    }

    /// <summary>The program that runs a dll: the one that runs this, if it is known.</summary>
    public static string DotNet { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    // It may have crashed meanwhile; then its guard has gone too.
    private static void End(Process process)
    {
        process.StandardInput.Close();
        process.WaitForExit();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        if (line == Consumers.DuplicateTeller.Line) Interlocked.Increment(ref duplicates);
        lock (logging) File.AppendAllText(LogPath, line + "\n");
    }
}
