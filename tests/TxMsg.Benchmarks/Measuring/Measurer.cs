using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Processes;

namespace TxMsg.Benchmarks.Measuring;

/// <summary>Measures one server at one number of connections, in a process of its own and, but for the history, on a fresh store.</summary>
internal sealed class Measurer(ThroughputOptions options, ServerLauncher launcher, WorkDirectory work, CancellationToken stop)
{
    // The same for all, however few connections are measured: one connection would leave the code half compiled.
    private const int WarmUpConnections = 32;
    // No limit in practice: the JIT settles with time, not with transactions.
    private const int MostWarmUpTransactions = 5_000_000;
    private static readonly TimeSpan FlushCountDuration = TimeSpan.FromSeconds(3);

    private string? historySecret;

    public void SeedHistory() => WithServer(Target.History, options.Drivers[0], flushLog: null, server =>
    {
        historySecret = server.Secret;
        new HistorySeeder(server, options.PayloadBytes).Seed(options.History, stop);
        server.Settle();
        return true;
    });

    public Measurement Measure(DriverKind driver, Target target, int connections, int round) =>
        WithServer(target, driver, flushLog: null, server => Measure(server, driver, target, connections, round));

    /// <summary>Flushes per transaction as the kernel sees them, warm-up excluded.</summary>
    public double CountFlushes(DriverKind driver, Target target, int connections)
    {
        var log = work.For("flushes.log");
        var (transactions, from, to) = WithServer(target, driver, log, server =>
        {
            WarmUp(server);
            var start = DateTimeOffset.UtcNow;
            var drive = server.Drive(connections, options.Limits with { Duration = FlushCountDuration });
            return (drive.Transactions, start, DateTimeOffset.UtcNow);
        });
        return FlushTrace.Count(log, from, to) / (double)transactions;
    }

    private Measurement Measure(RunningServer server, DriverKind driver, Target target, int connections, int round)
    {
        WarmUp(server);
        var commitsBefore = target.IsReal ? server.Commits() : null;
        var flushes = connections == 1 && target.IsReal ? AppendFlushProbe.Milliseconds(work.FullPath) : [];
        using var tabs = target.HasTabs ? new OpenTabs(server.Url, options.Tabs) : null;
        var before = server.Usage;
        var drive = server.Drive(connections, options.Limits);
        tabs?.Check();
        var after = server.Usage;
        var commitsAfter = target.IsReal ? server.Commits() : null;
        if (flushes.Count > 0)
            flushes = [.. flushes, .. AppendFlushProbe.Milliseconds(work.FullPath)];
        return new Measurement(
            driver.Name, target.Name, connections, round, drive,
            ServerCost.Between(before, after, commitsBefore, commitsAfter, drive.Transactions),
            flushes.Count > 0 ? Median.Of(flushes) : null);
    }

    private void WarmUp(RunningServer server) =>
        server.Drive(WarmUpConnections, new DriveLimits(MostWarmUpTransactions, options.WarmUp));

    private T WithServer<T>(Target target, DriverKind driver, string? flushLog, Func<RunningServer, T> use)
    {
        var directory = work.For(target.Name);
        T result;
        using (var process = launcher.Start(target, directory, flushLog))
            result = Guarded(process, driver, target.HasHistory ? historySecret : null, use);
        if (!target.HasHistory)
            Directory.Delete(directory, recursive: true);
        return result;
    }

    /// <summary>A failure is told with the last lines that the server logged.</summary>
    private T Guarded<T>(ServerProcess process, DriverKind driver, string? knownSecret, Func<RunningServer, T> use)
    {
        try
        {
            using var server = new RunningServer(process, driver, options.PayloadBytes, knownSecret, stop);
            return use(server);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            var what = failure is BenchmarkFailedException ? failure.Message : failure.ToString();
            throw new BenchmarkFailedException($"{what}\n--- the server's log ends:\n{process.LogTail}");
        }
    }
}
