using System.Collections.Concurrent;

namespace TxMsg.Server.Jobs;

/// <summary>The workers of the check-backs. A producer that takes long to answer keeps one only while enough are left for the others: then its
/// questions go on without, so that a hundred hanging producers never keep another one's questions waiting.</summary>
public sealed partial class CheckBackWorkers(TimeProvider time, ILogger<CheckBackWorkers> logger, IHostApplicationLifetime? lifetime = null) : IHostedService
{
    // So many may be kept for as long as it takes.
    private const int MostKept = JobQueues.CheckBackWorkers / 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Task, bool> letGo = new();
    private int kept;

    /// <summary>Runs work on the caller's worker; what the job is then said to have come to.</summary>
    /// <param name="work">The work; ends early when its job is to end, or the server once it has gone on without.</param>
    /// <param name="cancellationToken">The job's, which ends with it.</param>
    public async Task<string> RunAsync(Func<CancellationToken, Task<string>> work, CancellationToken cancellationToken)
    {
        var ending = new CancellationTokenSource();
        var running = work(ending.Token);
        await using (cancellationToken.Register(ending.Cancel)) await KeepAsync(running);
        if (!running.IsCompleted)
        {
            letGo[running] = true;
            _ = GoOnAsync(running, ending);
            return "It takes long, and goes on without this job.";
        }

        ending.Dispose();
        return await running;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for what was let go; the stopping of the server ends it.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(letGo.Keys).WaitAsync(cancellationToken);

    private async Task KeepAsync(Task running)
    {
        Interlocked.Increment(ref kept);
        do
        {
            await running.WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        while (!running.IsCompleted && Volatile.Read(ref kept) <= MostKept);
        Interlocked.Decrement(ref kept);
    }

    private async Task GoOnAsync(Task<string> running, CancellationTokenSource ending)
    {
        try
        {
            await using (lifetime?.ApplicationStopping.Register(ending.Cancel) ?? default) await running;
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
#pragma warning disable CA1031 // Its job has ended: what is not logged here would never be seen.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception);
        }
        finally
        {
            letGo.TryRemove(running, out _);
            ending.Dispose();
        }
    }

    [LoggerMessage(2011, LogLevel.Error, "A check-back that went on without its job failed; what it was about is asked again when its claim expires")]
    private partial void LogFailed(Exception exception);
}
