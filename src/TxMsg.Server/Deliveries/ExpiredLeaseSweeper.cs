using TxMsg.Server.Storage;

namespace TxMsg.Server.Deliveries;

/// <summary>Makes deliveries due again whose lease has expired: their holder crashed or was cut off.</summary>
public sealed partial class ExpiredLeaseSweeper(StoreDatabase database, OutletDirectory outlets, TimeProvider time, ILogger<ExpiredLeaseSweeper> logger)
{
    private const int BatchSize = 500;

    /// <summary>One sweep; returns how many it released.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var parameters = new { now = time.GetUtcNow().ToUnixTimeMilliseconds(), limit = BatchSize };
            // A look costs no transaction; most sweeps find nothing.
            if (await database.ReadAsync(connection => connection.QuerySingleAsync<int>("CountExpiredLeases", parameters), cancellationToken) == 0) break;
            var released = await database.WriteAsync(connection => connection.ExecuteAsync("ReleaseExpiredLeases", parameters), cancellationToken);
            total += released;
            // What is left is held by another transaction: the next sweep looks again.
            if (released < BatchSize) break;
        }

        if (total == 0) return 0;
        LogReleased(total);
        outlets.Wake();
        return total;
    }

    [LoggerMessage(3040, LogLevel.Warning, "{Count} leases had expired; their deliveries are due again")]
    private partial void LogReleased(int count);
}
