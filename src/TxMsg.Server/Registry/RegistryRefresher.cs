namespace TxMsg.Server.Registry;

/// <summary>Reads what other nodes have changed, several times a second. A loop of its own: deleted keys, pauses and new endpoints must not wait
/// for the committer, nor for rows that a stopped node holds.</summary>
public sealed partial class RegistryRefresher(RegistryCache registry, TimeProvider time, ILogger<RegistryRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private bool failed;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            await Task.Delay(await TryRefreshAsync(stoppingToken) ? Interval : PauseAfterFailure, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> TryRefreshAsync(CancellationToken stoppingToken)
    {
        try
        {
            await registry.RefreshAsync(stoppingToken);
            return !(failed = false);
        }
#pragma warning disable CA1031 // Whatever is wrong with the store now, the loop must find it well again later.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!failed && !stoppingToken.IsCancellationRequested) LogFailed(exception);
            failed = true;
            return false;
        }
    }

    [LoggerMessage(4003, LogLevel.Error, "Reading what other nodes have changed failed; it is tried again")]
    private partial void LogFailed(Exception exception);
}
