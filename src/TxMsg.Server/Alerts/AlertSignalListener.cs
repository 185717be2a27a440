namespace TxMsg.Server.Alerts;

/// <summary>Runs a check soon after someone asked for one; at most one a second, however many ask.</summary>
internal sealed partial class AlertSignalListener(AlertSignal signal, AlertCheck check, TimeProvider time, ILogger<AlertSignalListener> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await signal.WaitAsync(stoppingToken);
                await RunAsync(stoppingToken);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A check that runs already may have looked before there was anything to see.
            while (await check.TryRunAsync(cancellationToken) is null) await Task.Delay(BusyPause, time, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever it is, a check that failed must not end the server.
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogCheckFailed(exception);
        }
    }

    [LoggerMessage(5210, LogLevel.Warning, "An alert check failed; the next one comes at its interval")]
    private partial void LogCheckFailed(Exception exception);
}
