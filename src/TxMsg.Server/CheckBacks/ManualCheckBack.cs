using Microsoft.Extensions.Options;
using TxMsg.Server.Audit;
using TxMsg.Server.Storage;

namespace TxMsg.Server.CheckBacks;

/// <summary>Asks a producer now because someone wants to know; the reason is kept.</summary>
public sealed class ManualCheckBack(StoreDatabase database, ICheckBackJobs jobs, IOptions<CheckBackOptions> options, TimeProvider time)
{
    /// <summary>Claims the message and starts asking; false when it is not undecided any more.</summary>
    public async Task<bool> StartAsync(Guid id, string actor, string? reason)
    {
        var message = await ClaimAsync(id, actor, reason);
        if (message is null) return false;
        jobs.Enqueue(message);
        return true;
    }

    /// <summary>Claims the message for the caller to ask about; null when it is not undecided any more.</summary>
    public Task<OverdueMessage?> ClaimAsync(Guid id, string actor, string? reason)
    {
        var now = time.GetUtcNow();
        var claim = new
        {
            id = id.ToByteArray(bigEndian: true),
            token = Deliveries.LeaseToken.New(),
            leasedUntil = (now + CheckBackSchedule.Lease(options.Value)).ToUnixTimeMilliseconds(),
        };
        return database.WriteAsync(async connection =>
        {
            var claimed = await connection.QuerySingleOrDefaultAsync<OverdueMessage>("ClaimMessageForCheckBack", claim);
            if (claimed is null) return null;
            await connection.ExecuteAsync("AddOperatorActionOnMessage", new { at = now.ToUnixTimeMilliseconds(), actor, action = AuditActions.CheckBack, messageSeq = claimed.Seq, reason });
            return claimed;
        });
    }
}
