using Microsoft.Extensions.Options;
using TxMsg.Server.Audit;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.CheckBacks;

/// <summary>Asks a producer now because someone wants to know; the reason is kept.</summary>
public sealed class ManualCheckBack(StoreDatabase database, QuestionsByHand questions, IOptions<CheckBackOptions> options, TimeProvider time)
{
    /// <summary>Claims the message and starts asking, or joins a question by hand about it that has no answer yet; that leaves no trace of its own.</summary>
    public Task<ManualCheckBackOutcome> StartAsync(MessageRow message, string actor, string? reason) =>
        questions.AskAsync(message.MessageId, message.ProducerId, () => ClaimAsync(message.MessageId, actor, reason));

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
        var runs = 0;
        return database.WriteAsync(async connection =>
        {
            var isClaimed = runs++ > 0 && (await connection.QuerySingleOrDefaultAsync<MessageRow>("FindMessage", new { claim.id }))?.CheckBackToken == claim.token;
            var claimed = await connection.QuerySingleOrDefaultAsync<OverdueMessage>("ClaimMessageForCheckBack", claim);
            // An earlier try of this call, whose commit got no answer, has kept the reason.
            if (claimed is null || isClaimed) return claimed;
            await connection.ExecuteAsync("AddOperatorActionOnMessage", new { at = now.ToUnixTimeMilliseconds(), actor, action = AuditActions.CheckBack, messageSeq = claimed.Seq, reason });
            return claimed;
        });
    }
}
