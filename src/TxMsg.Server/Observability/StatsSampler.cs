namespace TxMsg.Server.Observability;

/// <summary>Reads the stats every ten seconds, one read at a time: a scrape, or many, never reaches the store.</summary>
public sealed partial class StatsSampler(StatsReader reader, StatsGauges gauges, TimeProvider time, ILogger<StatsSampler> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private bool failed;

    /// <summary>Samples once; false when the store did not answer, which leaves the sample before.</summary>
    internal async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            gauges.Show(await reader.ReadAsync(cancellationToken));
            if (failed) LogRecovered();
            failed = false;
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, an unread gauge must not end the server.
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!failed) LogFailed(exception);
            failed = true;
            return false;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The embedded store reads synchronously: the start of the others must not wait for it.
        await Task.Yield();
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do await RunOnceAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    [LoggerMessage(5101, LogLevel.Warning, "The stats could not be read; gauges keep their last values until the store answers again")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(5102, LogLevel.Information, "The stats can be read again")]
    private partial void LogRecovered();
}
