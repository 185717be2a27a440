using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TxMsg.Client.Consuming;

/// <summary>Forgets, now and then, what was handled longer ago than the inbox is to remember.</summary>
internal sealed partial class InboxPurger(Consumer consumer, TimeProvider time, ILogger<InboxPurger> logger) : BackgroundService
{
    private readonly Inbox inbox = new(time);

    /// <summary>One purge.</summary>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        await using var connection = consumer.Options.Connect!();
        await consumer.Session.OpenAsync(connection, cancellationToken).ConfigureAwait(false);
        var rows = await inbox.PurgeAsync(connection, consumer.Options.InboxRetention, cancellationToken).ConfigureAwait(false);
        ConsumerMetrics.RecordPurged(rows);
        return rows;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (consumer.Options.Connect is null) return;
        using var timer = new PeriodicTimer(consumer.Options.PurgeInterval, time);
        do
        {
            try
            {
                // SQLite's calls block: not the start of the application.
                var rows = await Task.Run(() => PurgeAsync(stoppingToken), stoppingToken).ConfigureAwait(false);
                if (rows > 0) LogPurged(rows);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(7310, LogLevel.Information, "The inbox forgot {Rows} deliveries")]
    private partial void LogPurged(int rows);

    [LoggerMessage(7311, LogLevel.Error, "The inbox could not be purged; it is tried again at the next interval")]
    private partial void LogFailed(Exception exception);
}
