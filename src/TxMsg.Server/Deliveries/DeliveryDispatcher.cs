using Microsoft.Extensions.Options;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Brings deliveries to the outlets: what this node has just committed straight away, and what is due in the store
/// (retries, delays, what a crash or a full memory left) in lease batches.</summary>
public sealed partial class DeliveryDispatcher(
    StoreDatabase database,
    GroupCommitter committer,
    RegistryCache registry,
    OutletDirectory outlets,
    DeliveryWorker worker,
    IOptions<DeliveryOptions> options,
    TimeProvider time,
    ILogger<DeliveryDispatcher> logger) : BackgroundService
{
    private const int MaxClaim = 256;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReleaseGrace = TimeSpan.FromSeconds(5);

    private readonly LogThrottle failures = new(LogThrottle.OfFailures, time);
    private RegistrySnapshot known = RegistrySnapshot.Empty;

    /// <summary>Sends what a durable commit leased to this node.</summary>
    public void Dispatch(FannedOut? fannedOut)
    {
        if (fannedOut is null) return;
        for (var i = 0; i < fannedOut.Ways.Count; i++)
            if (fannedOut.Ways[i] is { Outlet: { } outlet } way) outlet.Accept(way.Leased!);
    }

    /// <summary>Finishes what is under way, gives back what is queued.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        outlets.Close();
        worker.Stop();
        await base.StopAsync(cancellationToken);
        await FinishAsync(Grace, cancellationToken);
        if (outlets.Held == 0) return;
        LogAborted(outlets.Held);
        worker.Abort();
        // They are given back when that is written, and the committer stops next: a lease left behind would hold them up on other nodes.
        await FinishAsync(ReleaseGrace, cancellationToken);
    }

    private async Task FinishAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + within;
        while (outlets.Held > 0 && time.GetUtcNow() < deadline && !cancellationToken.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
                await outlets.WaitAsync(PollInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever is wrong with the store now, the loop must find it well again later.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (failures.TryTake(out _)) LogRoundFailed(exception);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One look at what is due; returns how many deliveries were leased.</summary>
    internal async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        // Not only by the refresher: what is due now may be of a subscription that was resumed a moment ago.
        var snapshot = await registry.RefreshAsync(cancellationToken);
        outlets.Follow(known, snapshot);
        known = snapshot;
        var now = time.GetUtcNow();
        var due = await database.ReadAsync(
            connection => connection.QueryAsync<long>("ListSubscriptionsWithDueDeliveries", new { now = now.ToUnixTimeMilliseconds() }), cancellationToken);
        foreach (var outlet in outlets.Used.ExceptBy(due, outlet => outlet.SubscriptionId)) outlet.HasMoreDue = false;
        var claimed = await Task.WhenAll(due.Select(id => ClaimAsync(snapshot.FindSubscription(id), now)));
        return claimed.Sum();
    }

    private async Task<int> ClaimAsync(Subscription? subscription, DateTimeOffset now)
    {
        if (subscription is null) return 0;
        var outlet = outlets[subscription.Id];
        var reserved = Reserve(subscription, outlet);
        outlet.HasMoreDue = reserved == 0;
        return reserved == 0 ? 0 : await outlet.ClaimAsync(() => ClaimAsync(outlet, reserved, now));
    }

    private async Task<int> ClaimAsync(SubscriptionOutlet outlet, int reserved, DateTimeOffset now)
    {
        var accepted = 0;
        try
        {
            // From now on, not from the look: another node's locks may have held that up for half a lease.
            var until = (time.GetUtcNow() + options.Value.Lease).ToUnixTimeMilliseconds();
            var claim = new ClaimOperation(outlet.SubscriptionId, reserved, now.ToUnixTimeMilliseconds(), until, LeaseToken.New());
            var count = await committer.WriteOwnAsync(claim);
            outlet.HasMoreDue = count == reserved;
            if (count == 0) return 0;
            foreach (var row in await ReadClaimedAsync(claim))
            {
                if (accepted == reserved) break;
                outlet.Accept(row.ToLeased(claim));
                accepted++;
            }

            return accepted;
        }
        finally
        {
            for (var i = accepted; i < reserved; i++) outlet.CancelReservation();
        }
    }

    private int Reserve(Subscription subscription, SubscriptionOutlet outlet)
    {
        var wanted = Math.Min(outlet.Room, MaxClaim);
        var reserved = 0;
        while (reserved < wanted && outlets.TryReserve(subscription) is not null) reserved++;
        return reserved;
    }

    // Not to be cancelled: what is leased is released only by those who know that they hold it.
    private Task<IReadOnlyList<ClaimedRow>> ReadClaimedAsync(ClaimOperation claim) =>
        database.ReadAsync(
            connection => connection.QueryAsync<ClaimedRow>("ListClaimedDeliveries", new { leasedUntil = claim.LeasedUntil, token = claim.Token }),
            CancellationToken.None);

    [LoggerMessage(3030, LogLevel.Error, "Looking for due deliveries failed; it is tried again")]
    private partial void LogRoundFailed(Exception exception);

    [LoggerMessage(3031, LogLevel.Warning, "{Count} deliveries were broken off at the end of the grace period; they are tried again")]
    private partial void LogAborted(int count);
}
