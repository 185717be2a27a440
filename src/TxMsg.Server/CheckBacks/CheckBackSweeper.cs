using TxMsg.Server.Storage;

namespace TxMsg.Server.CheckBacks;

/// <summary>Finds producers with overdue half messages and gives each a job of its own, one at a time over all nodes.</summary>
public sealed class CheckBackSweeper(StoreDatabase database, ProducerBreaker breaker, ICheckBackJobs jobs, TimeProvider time)
{
    /// <summary>For how long a job may wait for a worker before another replaces it; once it runs, it renews by
    /// <see cref="CheckBackSchedule.Lease"/>.</summary>
    public static TimeSpan QueuedJobLease { get; } = TimeSpan.FromMinutes(1);

    /// <summary>One sweep; returns how many jobs it started.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var producers = await database.ReadAsync(connection => connection.QueryAsync<long>("ListProducersWithOverdueMessages", new { now }), cancellationToken);
        var started = 0;
        foreach (var producerId in producers)
        {
            if (breaker.IsOpen(producerId)) continue;
            var token = Deliveries.LeaseToken.New();
            if (!await AcquireAsync(producerId, token, now, cancellationToken)) continue;
            jobs.Enqueue(producerId, token);
            started++;
        }

        return started;
    }

    private Task<bool> AcquireAsync(long producerId, long token, long now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async connection => await connection.ExecuteAsync(
                "AcquireCheckBackJob", new { producerId, token, now, until = now + (long)QueuedJobLease.TotalMilliseconds }) > 0,
            cancellationToken);
}
