using System.Globalization;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Processes;

namespace TxMsg.Benchmarks.Performance;

/// <summary>What the sections measure with: the server in a process of its own, and the lean driver.</summary>
internal sealed class Bench(PerformanceOptions options, WorkDirectory work, CancellationToken stop)
{
    public const int Connections = 64;
    public const int PayloadBytes = 512;
    private const int NoLimit = 20_000_000;

    public PerformanceOptions Options => options;

    public CancellationToken Stop => stop;

    public static string[] Columns(string first) => [first, "transactions/s", "prepare p50/p99 ms", "commit p50/p99 ms", "commit to delivered p50/p99 ms", "server CPU us", "written KiB"];

    /// <summary>Runs the server on a directory of its own, which is removed afterwards unless it was there before.</summary>
    public T WithServer<T>(string directory, Func<ServerProcess, T> use)
    {
        var path = work.For(directory);
        var wasThere = Directory.Exists(path);
        try
        {
            using var process = new ServerLauncher(ServerAssembly.Find(options.ServerAssembly), PayloadBytes).Start(Target.TxMsg, path);
            try
            {
                return use(process);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new BenchmarkFailedException($"{failure}\n--- the server's log ends:\n{process.LogTail}");
            }
        }
        finally
        {
            if (!wasThere) Directory.Delete(path, recursive: true);
        }
    }

    public string PathOf(string directory) => Directory.CreateDirectory(work.For(directory)).FullName;

    public void Remove(string directory) => Directory.Delete(work.For(directory), recursive: true);

    /// <summary>One row: transactions at 64 connections, after a warm-up that is not counted.</summary>
    public string[] Measure(string name, ServerProcess process, int payloadBytes = PayloadBytes, Action<HttpClient>? prepare = null)
    {
        using var server = new RunningServer(process, DriverKind.Lean, payloadBytes, knownSecret: null, stop);
        prepare?.Invoke(server.Http);
        server.Drive(Connections, new DriveLimits(NoLimit, options.WarmUp));
        var before = server.Usage;
        var drive = server.Drive(Connections, new DriveLimits(NoLimit, options.Duration));
        var cost = ServerCost.Between(before, server.Usage, null, null, drive.Transactions);
        return
        [
            name, Number(drive.TransactionsPerSecond, "#,0"), Pair(drive.Prepare), Pair(drive.Commit), Pair(drive.CommitToDelivered),
            Number(cost.CpuSecondsPer100k * 10, "0"), Number(cost.WrittenBytesPerTransaction / 1024, "0.0"),
        ];
    }

    public static string Pair(LatencySummary latency) => $"{Number(latency.P50Milliseconds, "0.00")}/{Number(latency.P99Milliseconds, "0.0")}";

    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
