using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TxMsg.Client.Producing;

/// <summary>Makes the barrier's table at start and deletes its old rows from time to time. Any number of instances may do so.</summary>
internal sealed partial class BarrierPurgeService(TransactionBarrier barrier, IOptions<BarrierOptions> options, TimeProvider time, ILogger<BarrierPurgeService> logger) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anything can enter it; a database that is not there stops the start.
        await WithConnectionAsync(connection => barrier.CreateTableAsync(connection, cancellationToken), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PurgeInterval, time);
        do
        {
            try
            {
                await WithConnectionAsync(PurgeAsync, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is: a purge that fails is no reason to end the service.
                LogFailed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));

        async Task PurgeAsync(DbConnection connection)
        {
            var count = await barrier.PurgeAsync(connection, options.Value.RetainFor, stoppingToken);
            if (count > 0) LogPurged(count);
        }
    }

    private async Task WithConnectionAsync(Func<DbConnection, Task> action, CancellationToken cancellationToken)
    {
        await using var connection = options.Value.Connect!();
        await connection.OpenAsync(cancellationToken);
        await action(connection);
    }

    [LoggerMessage(7111, LogLevel.Information, "Purged {Count} rows of the barrier")]
    private partial void LogPurged(int count);

    [LoggerMessage(7112, LogLevel.Warning, "The barrier could not be purged; it is tried again at the next interval")]
    private partial void LogFailed(Exception exception);
}
