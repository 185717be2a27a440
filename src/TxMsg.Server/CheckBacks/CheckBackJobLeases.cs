using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using TxMsg.Server.Storage;

namespace TxMsg.Server.CheckBacks;

/// <summary>The lease of each producer's check-back job: one at a time over all nodes. The job renews it, so that a dead node's is
/// replaced. What this node could not give back, as the store failed, it gives back once the store can again: the producer need not
/// wait for its end.</summary>
public sealed partial class CheckBackJobLeases(StoreDatabase database, IOptions<CheckBackOptions> options, TimeProvider time, ILogger<CheckBackJobLeases> logger)
{
    private readonly ConcurrentQueue<(long ProducerId, long Token)> leftovers = new();

    /// <summary>For how long a job may wait for a worker before another replaces it; once it runs, it renews by
    /// <see cref="CheckBackSchedule.Lease"/>.</summary>
    public static TimeSpan QueuedJobLease { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Takes the lease and starts the job; false when another has it.</summary>
    public async Task<bool> StartJobAsync(long producerId, Action<long> start, CancellationToken cancellationToken)
    {
        var token = Deliveries.LeaseToken.New();
        try
        {
            if (!await AcquireAsync(producerId, token, cancellationToken)) return false;
            start(token);
            return true;
        }
        catch
        {
            // A write that failed may have been stored all the same.
            await ReleaseAsync(producerId, token);
            throw;
        }
    }

    /// <summary>False when the lease was lost: another job has been started.</summary>
    public Task<bool> RenewAsync(long producerId, long token)
    {
        var until = (time.GetUtcNow() + CheckBackSchedule.Lease(options.Value)).ToUnixTimeMilliseconds();
        return database.WriteAsync(async connection => await connection.ExecuteAsync("RenewCheckBackJob", new { producerId, token, until }) > 0);
    }

    /// <summary>Gives the lease back, now or when the store can.</summary>
    public async Task ReleaseAsync(long producerId, long token)
    {
        try
        {
            await WriteReleaseAsync(producerId, token);
        }
#pragma warning disable CA1031 // Whatever it was, the next look tries again, and the lease ends by itself.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            leftovers.Enqueue((producerId, token));
            LogNotReleased(producerId, exception);
        }
    }

    /// <summary>Gives back what could not be given back before.</summary>
    /// <exception cref="System.Data.Common.DbException">It still cannot.</exception>
    public async Task ReleaseLeftoversAsync()
    {
        for (var left = leftovers.Count; left > 0 && leftovers.TryDequeue(out var lease); left--)
        {
            try
            {
                await WriteReleaseAsync(lease.ProducerId, lease.Token);
            }
            catch
            {
                leftovers.Enqueue(lease);
                throw;
            }
        }
    }

    private Task<bool> AcquireAsync(long producerId, long token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var parameters = new { producerId, token, now = now.ToUnixTimeMilliseconds(), until = (now + QueuedJobLease).ToUnixTimeMilliseconds() };
        return database.WriteAsync(async connection => await connection.ExecuteAsync("AcquireCheckBackJob", parameters) > 0, cancellationToken);
    }

    private Task WriteReleaseAsync(long producerId, long token) =>
        database.WriteAsync(connection => connection.ExecuteAsync("ReleaseCheckBackJob", new { producerId, token }));

    [LoggerMessage(2014, LogLevel.Warning, "The lease of the check-back job of producer {ProducerId} could not be given back; the next sweep tries again")]
    private partial void LogNotReleased(long producerId, Exception exception);
}
