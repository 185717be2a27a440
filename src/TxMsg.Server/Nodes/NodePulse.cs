using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using TxMsg.Server.Http;
using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Observability.History;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Nodes;

/// <summary>Says every few seconds that this node is alive, and writes what it has counted and seen since. A store that does not answer is
/// waited for: the minutes go on being told apart meanwhile.</summary>
public sealed partial class NodePulse(
    NodeIdentity node, MinuteRecorder minutes, HealthCollector health, PulsePurger purger, StoreDatabase database, GroupCommitter committer, IServer server,
    IOptions<NodeOptions> options, TimeProvider time, ILogger<NodePulse> logger) : IHostedLifecycleService, IDisposable
{
    private const long MinuteMilliseconds = 60_000;
    private const int MaxAddresses = 10;

    private static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LastWriteLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource stopping = new();
    private DateTimeOffset nextPurge;
    private DateTimeOffset nextBeat;
    private TimeSpan pause;
    private bool hasStarted;
    private Task looping = Task.CompletedTask;
    private Task writing = Task.CompletedTask;
    private bool failed;

    /// <summary>Once all others have started: where it listens is known then.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        hasStarted = true;
        looping = Task.Run(LoopAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Once all others have stopped: what they did at last is counted.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (!hasStarted) return;
        await stopping.CancelAsync();
        await looping;
        await Task.WhenAny(writing, Task.Delay(LastWriteLimit, time, CancellationToken.None));
        minutes.Take();
        await Task.WhenAny(BeatAsync(time.GetUtcNow()), Task.Delay(LastWriteLimit, time, CancellationToken.None));
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => stopping.Dispose();

    /// <summary>One heartbeat; false when it could not be written, which loses nothing yet.</summary>
    /// <param name="stoppedAt">Set with the last one.</param>
    internal async Task<bool> BeatAsync(DateTimeOffset? stoppedAt = null)
    {
        var pulse = new PulseOperation(Row(stoppedAt)) { Minutes = minutes.ListChanged(), Health = health.ListChanged() };
        try
        {
            await committer.WriteDeferredAsync(pulse);
            minutes.Confirm(pulse.Minutes);
            health.Confirm(pulse.Health);
            if (failed) LogRecovered();
            failed = false;
            pause = TimeSpan.Zero;
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, a heartbeat must not end the server; the next one has all that this one had.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!failed) LogFailed(exception);
            failed = true;
            PauseLonger();
            return false;
        }
    }

    // The committer tries again and logs by itself, and is spared what is sure to fail.
    private async Task<bool> MayBeatAsync()
    {
        if (!failed) return true;
        if (time.GetUtcNow() < nextBeat) return false;
        try
        {
            await database.ReadAsync(connection => connection.QuerySingleAsync<long>("ReadRegistryVersion"), stopping.Token);
            return true;
        }
#pragma warning disable CA1031 // It still does not answer, which has been said.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private void PauseLonger()
    {
        pause = pause == TimeSpan.Zero ? options.Value.HeartbeatInterval : pause * 2;
        if (pause > LongestPause) pause = LongestPause;
        nextBeat = time.GetUtcNow() + pause;
    }

    private async Task LoopAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            minutes.Take();
            if (writing.IsCompleted) writing = BeatAndPurgeAsync();
            await Task.Delay(UntilNext(), time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // On the whole multiples of the interval, and where a minute ends.
    private TimeSpan UntilNext()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var interval = (long)options.Value.HeartbeatInterval.TotalMilliseconds;
        return TimeSpan.FromMilliseconds(Math.Min(interval - (now % interval), MinuteMilliseconds - (now % MinuteMilliseconds)));
    }

    private async Task BeatAndPurgeAsync()
    {
        if (!await MayBeatAsync() || !await BeatAsync() || time.GetUtcNow() < nextPurge) return;
        try
        {
            // What is left for the next heartbeat is a batch more.
            if (!await purger.RunAsync(stopping.Token)) nextPurge = time.GetUtcNow() + PurgeInterval;
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            nextPurge = time.GetUtcNow() + PurgeInterval;
            LogPurgeFailed(exception);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops; the rows go another time.
        }
    }

    private NodeRow Row(DateTimeOffset? stoppedAt) => new()
    {
        Id = node.Key,
        Name = node.Name,
        Version = node.Version,
        Addresses = Addresses(),
        BeatMs = (long)options.Value.HeartbeatInterval.TotalMilliseconds,
        StartedAt = node.StartedAt.ToUnixTimeMilliseconds(),
        HeartbeatAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        StoppedAt = stoppedAt?.ToUnixTimeMilliseconds(),
    };

    private string? Addresses()
    {
        if (options.Value.Address is { Length: > 0 } announced) return JsonSerializer.Serialize([announced], WireJson.Default.StringArray);
        var listens = server.Features.Get<IServerAddressesFeature>()?.Addresses.Where(address => address.Length <= NodeOptions.MaxAddressLength).Take(MaxAddresses).ToArray();
        return listens is { Length: > 0 } ? JsonSerializer.Serialize(listens, WireJson.Default.StringArray) : null;
    }

    [LoggerMessage(5221, LogLevel.Warning, "The heartbeat of this node could not be written; it is tried again, and said when it succeeds")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(5222, LogLevel.Information, "The heartbeat of this node is written again")]
    private partial void LogRecovered();

    [LoggerMessage(5223, LogLevel.Warning, "Old statistics could not be removed; it is tried again in some minutes")]
    private partial void LogPurgeFailed(Exception exception);
}
