using TxMsg.Server.Hosting;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Observability;

/// <summary>Whether requests should come to this node. At most one look a second, and never a second one beside one that hangs.</summary>
public sealed partial class ReadinessProbe(
    StoreDatabase database, StoreStartup startup, GroupCommitter committer, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ReadinessProbe> logger)
{
    private const string Ok = "ok";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<HealthReport>? latest;
    private long latestAt;
    private Task reading = Task.CompletedTask;
    private Task writing = Task.CompletedTask;
    private bool wasReady = true;

    /// <summary>Looks, or repeats what was seen less than a second ago.</summary>
    public Task<HealthReport> CheckAsync()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return Task.FromResult(new HealthReport("stopping"));
        lock (gate)
        {
            if (latest is null || (latest.IsCompleted && time.GetElapsedTime(latestAt) >= KeptFor))
            {
                latestAt = time.GetTimestamp();
                latest = Task.Run(LookAsync);
            }

            return latest;
        }
    }

    private async Task<HealthReport> LookAsync()
    {
        if (reading.IsCompleted) reading = Task.Run(ReadAsync);
        if (startup.IsReady && writing.IsCompleted) writing = WriteAsync();
        var store = OutcomeOfAsync(reading);
        var committed = startup.IsReady ? OutcomeOfAsync(writing) : Task.FromResult("notStarted");
        var checks = new HealthChecks(await store, startup.IsReady ? Ok : "pending", await committed);
        var isReady = checks is { Store: Ok, Schema: Ok, Committer: Ok };
        if (isReady && !wasReady) LogReady();
        if (!isReady && wasReady) LogNotReady(checks.Store, checks.Schema, checks.Committer);
        wasReady = isReady;
        return new HealthReport(isReady ? "ready" : "notReady", checks);
    }

    private Task ReadAsync() => database.ReadAsync(connection => connection.QuerySingleAsync<long>("ReadRegistryVersion"));

    private async Task WriteAsync() => await committer.WriteAsync(new ProbeOperation(mustWrite: !committer.IsHealthy));

    private async Task<string> OutcomeOfAsync(Task work)
    {
        try
        {
            await work.WaitAsync(Deadline, time);
            return Ok;
        }
        catch (TimeoutException)
        {
            return "noAnswer";
        }
        catch (WriteQueueFullException)
        {
            return "full";
        }
#pragma warning disable CA1031 // Whatever it is, the answer is that this node cannot work; why stands in the log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogCheckFailed(exception);
            return "failing";
        }
    }

    [LoggerMessage(5110, LogLevel.Warning, "Not ready: store {Store}, schema {Schema}, committer {Committer}")]
    private partial void LogNotReady(string store, string schema, string committer);

    [LoggerMessage(5111, LogLevel.Information, "Ready again")]
    private partial void LogReady();

    [LoggerMessage(5112, LogLevel.Debug, "A check of readiness failed")]
    private partial void LogCheckFailed(Exception exception);
}
