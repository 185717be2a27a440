using Microsoft.Extensions.Options;
using TxMsg.Server.Observability;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Renews the leases of what this node holds for long: queued behind a slow endpoint, or under way.
/// A lease that is lost is dropped, so that nothing is sent without one.</summary>
/// <remarks>In a loop of its own: the dispatcher waits for claims and reads, which another node's locks may hold up for longer than a lease.</remarks>
public sealed partial class LeaseKeeper(OutletDirectory outlets, GroupCommitter committer, IOptions<DeliveryOptions> options, TimeProvider time, ILogger<LeaseKeeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly LogThrottle failures = new(LogThrottle.OfFailures, time);

    /// <summary>Renews what has used up more than a third of its lease; returns how many.</summary>
    public async Task<int> RenewAsync()
    {
        var lease = (long)options.Value.Lease.TotalMilliseconds;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var renewals = outlets.Leased.Where(delivery => delivery.LeasedUntil < now + lease * 2 / 3)
            .Select(delivery => new RenewalOperation(delivery, now + lease))
            .ToList();
        var failed = Task.CompletedTask;
        foreach (var chunk in renewals.Chunk(1000))
        {
            Task written = Task.WhenAll(chunk.Select(committer.WriteDeferredAsync));
            await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            // One that another transaction holds up must not cost the others their leases.
            foreach (var renewal in chunk.Where(renewal => renewal.Completion.IsCompletedSuccessfully)) Note(renewal);
            if (!written.IsCompletedSuccessfully) failed = written;
        }

        await failed;
        return renewals.Count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var often = options.Value.Lease / 4;
        for (var pause = often; !stoppingToken.IsCancellationRequested; await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing))
            pause = await TryRenewAsync() || often < PauseAfterFailure ? often : PauseAfterFailure;
    }

    private async Task<bool> TryRenewAsync()
    {
        try
        {
            await RenewAsync();
            return true;
        }
#pragma warning disable CA1031 // Whatever is wrong with the store now, leases must be renewed once it is well again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (failures.TryTake(out _)) LogNotRenewed(exception);
            return false;
        }
    }

    private void Note(RenewalOperation renewal)
    {
        if (renewal.Completion.Result)
        {
            renewal.Delivery.LeasedUntil = renewal.LeasedUntil;
        }
        else if (outlets[renewal.Delivery.SubscriptionId].Claim.IsCompleted && outlets.Holds(renewal.Delivery) && renewal.Delivery.LeaseToken == renewal.LeaseToken)
        {
            // Its result may have been recorded meanwhile: then it is not held any more either. Or this node has taken it again, or is just
            // about to: the next round sees.
            outlets.Untrack(renewal.Delivery);
            LogLeaseLost(renewal.Delivery.MessageId, renewal.Delivery.SubscriptionId);
        }
    }

    [LoggerMessage(3021, LogLevel.Error, "Leases of deliveries could not be renewed; it is tried again")]
    private partial void LogNotRenewed(Exception exception);

    [LoggerMessage(3020, LogLevel.Information, "The lease of message {MessageId} for subscription {SubscriptionId} is not this node's any more")]
    private partial void LogLeaseLost(Guid messageId, long subscriptionId);
}
