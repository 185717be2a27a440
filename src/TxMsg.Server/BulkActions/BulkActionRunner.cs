using System.Data.Common;
using Microsoft.Extensions.Options;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.BulkActions;

/// <summary>Works a bulk action off: item by item in order, at its rate, noting its position. A job that is lost is replaced by another one,
/// which goes on from there; what the lost one had begun meets its own results.</summary>
public sealed partial class BulkActionRunner(
    BulkActionLeases leases, BulkActionStore store, BulkItemReader reader, BulkActionWork work, RegistryCache registry,
    IOptions<CheckBackOptions> checkBacks, TimeProvider time, ILogger<BulkActionRunner> logger)
{
    // What the store refuses now, it may take then.
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(30);

    /// <summary>Runs to the end, the loss of the lease, or its cancellation; null when it was not this job's to begin with.</summary>
    /// <param name="seq">Which.</param>
    /// <param name="token">The lease.</param>
    /// <param name="onProgress">Sees how many have been taken on, and of how many.</param>
    /// <param name="cancellationToken">The server stops: another job goes on.</param>
    public async Task<BulkRun?> RunAsync(long seq, long token, Action<long, long>? onProgress, CancellationToken cancellationToken)
    {
        var action = await leases.BeginAsync(seq, token, Now(), Until());
        if (action is null) return null;
        try
        {
            if (await WorkAsync(action, onProgress, cancellationToken) is { } end) await leases.FinishAsync(action, end.State, end.Error, Now());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await leases.ReleaseAsync(action, 0);
            throw;
        }
        catch (Exception exception) when (exception is StoreUnavailableException or WriteQueueFullException or DbException)
        {
            LogInterrupted(action.ActionId, exception);
            await leases.ReleaseAsync(action, Now() + (long)RetryPause.TotalMilliseconds);
            throw;
        }
        catch (Exception exception)
        {
            LogFailed(action.ActionId, exception);
            await leases.FinishAsync(action, BulkActionState.Failed, "Something went wrong; the server's log says what.", Now());
            throw;
        }

        return (await store.FindAsync(action.ActionId, CancellationToken.None))?.ToRun();
    }

    // Null when it is not this job's any more: somebody ended it, or the lease was lost.
    private async Task<End?> WorkAsync(BulkActionRow action, Action<long, long>? onProgress, CancellationToken cancellationToken)
    {
        var scope = BulkScope.Of(action);
        var pacer = new BulkPacer(action.PerSecond, time);
        var batchSize = Math.Min(pacer.BatchSize, BulkActionWork.MaxBatch(action.ActionKind));
        var (position, examined) = (action.Position, action.Examined);
        while (true)
        {
            if (action.SubscriptionId is { } id && !await ExistsAsync(id, cancellationToken)) return new End(BulkActionState.Failed, "The subscription was deleted.");
            var page = await reader.ReadAsync(action.ActionKind, scope, position, cancellationToken);
            foreach (var items in page.Items.Chunk(batchSize))
            {
                await pacer.WaitAsync(items.Length, cancellationToken);
                // Somebody may have ended it meanwhile.
                if (!await leases.RecordAsync(action, position, default, Until())) return null;
                var outcome = await work.DoAsync(action, scope, items, cancellationToken);
                pacer.Went(items.Length);
                position = items[^1].Position;
                if (!await leases.RecordAsync(action, position, outcome, Until())) return null;
                onProgress?.Invoke(examined += items.Length, action.Total);
            }

            // Past those that are not meant, too.
            if (position != page.Position && !await leases.RecordAsync(action, page.Position, default, Until())) return null;
            if (page.IsLast) return new End(BulkActionState.Finished, null);
            position = page.Position;
        }
    }

    // This node may not have heard of a new one yet.
    private async Task<bool> ExistsAsync(long subscriptionId, CancellationToken cancellationToken) =>
        (registry.Current.FindSubscription(subscriptionId) ?? (await registry.RefreshAsync(cancellationToken)).FindSubscription(subscriptionId)) is not null;

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    // A batch of check-backs takes as long as its slowest producer.
    private long Until()
    {
        var slowest = CheckBackSchedule.Lease(checkBacks.Value);
        return (time.GetUtcNow() + (slowest > ShortestLease ? slowest : ShortestLease)).ToUnixTimeMilliseconds();
    }

    [LoggerMessage(2201, LogLevel.Warning, "Bulk action {Id} was interrupted; it goes on soon")]
    private partial void LogInterrupted(Guid id, Exception exception);

    [LoggerMessage(2202, LogLevel.Error, "Bulk action {Id} failed")]
    private partial void LogFailed(Guid id, Exception exception);

    private sealed record End(BulkActionState State, string? Error);
}
