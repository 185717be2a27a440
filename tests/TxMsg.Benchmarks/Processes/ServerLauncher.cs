using System.Diagnostics;
using TxMsg.Benchmarks.Measuring;

namespace TxMsg.Benchmarks.Processes;

/// <summary>Starts the real server or the no-op one, each as users would: by dotnet, as its own process.</summary>
internal sealed class ServerLauncher(string serverAssembly, int payloadBytes)
{
    /// <param name="target">Which server.</param>
    /// <param name="directory">Where its store lies.</param>
    /// <param name="flushLog">Not null: trace the calls that flush a file into this one.</param>
    public ServerProcess Start(Target target, string directory, string? flushLog = null)
    {
        var port = ServerProcess.FreePort();
        var command = target.IsReal ? RealServer(port) : NoOp(port, target.IsBatch);
        var traced = flushLog is null ? command : [.. FlushTrace.Command(flushLog), .. command];
        var start = new ProcessStartInfo(traced[0], traced.Skip(1)) { WorkingDirectory = Directory.CreateDirectory(directory).FullName };
        if (target.IsReal)
            Configure(start.Environment, target, directory);
        return new ServerProcess(start, port);
    }

    /// <summary>A node on a database of SQL Server; its jobs are in memory, so that the database holds messages and nothing else.</summary>
    public ServerProcess StartNode(string directory, string connectionString)
    {
        var port = ServerProcess.FreePort();
        var start = new ProcessStartInfo(Dotnet, RealServer(port).Skip(1)) { WorkingDirectory = Directory.CreateDirectory(directory).FullName };
        Configure(start.Environment, Target.TxMsg, directory);
        start.Environment["TxMsg__Store__Provider"] = "SqlServer";
        start.Environment["TxMsg__Store__ConnectionString"] = connectionString;
        start.Environment["TxMsg__Jobs__Storage"] = "InMemory";
        return new ServerProcess(start, port);
    }

    private static void Configure(IDictionary<string, string?> environment, Target target, string directory)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
            environment.Remove(name);
        environment["TxMsg__Store__ConnectionString"] = $"Data Source={Path.Combine(directory, "txmsg.db")}";
        if (!target.GroupCommit)
            environment["TxMsg__Store__GroupCommit"] = "false";
    }

    private string[] RealServer(int port) => [Dotnet, serverAssembly, "--Urls", $"http://127.0.0.1:{port}"];

    private string[] NoOp(int port, bool isBatch) =>
        [Dotnet, typeof(ServerLauncher).Assembly.Location, "serve-noop", "--port", $"{port}", "--payload", $"{payloadBytes}", .. isBatch ? (string[])["--batch"] : []];

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
