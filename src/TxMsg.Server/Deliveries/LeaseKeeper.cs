using Microsoft.Extensions.Options;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Renews the leases of what this node holds for long: queued behind a slow endpoint, or under way.
/// A lease that is lost is dropped, so that nothing is sent without one.</summary>
public sealed partial class LeaseKeeper(OutletDirectory outlets, GroupCommitter committer, IOptions<DeliveryOptions> options, TimeProvider time, ILogger<LeaseKeeper> logger)
{
    /// <summary>Renews what has used up more than a third of its lease; returns how many.</summary>
    public async Task<int> RenewAsync()
    {
        var lease = (long)options.Value.Lease.TotalMilliseconds;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var renewals = outlets.Leased.Where(delivery => delivery.LeasedUntil < now + lease * 2 / 3)
            .Select(delivery => new RenewalOperation(delivery, now + lease))
            .ToList();
        foreach (var chunk in renewals.Chunk(1000))
        {
            await Task.WhenAll(chunk.Select(committer.WriteDeferredAsync));
            foreach (var renewal in chunk) Note(renewal);
        }

        return renewals.Count;
    }

    private void Note(RenewalOperation renewal)
    {
        if (renewal.Completion.Result)
        {
            renewal.Delivery.LeasedUntil = renewal.LeasedUntil;
        }
        else if (outlets.Holds(renewal.Delivery))
        {
            // Its result may have been recorded meanwhile: then it is not held any more either.
            outlets.Untrack(renewal.Delivery);
            LogLeaseLost(renewal.Delivery.MessageId, renewal.Delivery.SubscriptionId);
        }
    }

    [LoggerMessage(3020, LogLevel.Information, "The lease of message {MessageId} for subscription {SubscriptionId} is not this node's any more")]
    private partial void LogLeaseLost(Guid messageId, long subscriptionId);
}
