using TxMsg.Server.Deliveries;
using TxMsg.Server.Observability;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Transactions;

/// <summary>Half messages: prepare, commit, roll back. What it answers is durable. Cancellation is not taken: what is in the
/// write queue will be written, and its deliveries must be sent.</summary>
public sealed class TransactionCoordinator(GroupCommitter committer, HalfMessageCache cache, DeliveryDispatcher dispatcher, TimeProvider time)
{
    /// <summary>Stores a message; an ordinary one is on its way when this returns.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isAlone">Whether it is not one of many that are handed in together.</param>
    /// <exception cref="WriteQueueFullException">Too much waits; nothing was stored.</exception>
    /// <exception cref="StoreUnavailableException">The store refused the write; nothing was acknowledged.</exception>
    public async Task<PrepareOperation> PrepareAsync(NewMessage message, bool isAlone = false)
    {
        var began = time.GetTimestamp();
        var operation = new PrepareOperation(message, time.GetUtcNow());
        await committer.WriteAsync(operation, isAlone);
        if (operation.Result == PrepareOutcome.Created)
        {
            if (message.IsCommitted) dispatcher.Dispatch(operation.FannedOut);
            else cache.Add(operation);
        }
        else if (operation is { Result: PrepareOutcome.Existing, ExistingState: not MessageState.Committed } && message.IsCommitted)
        {
            // The same message was sent as a half one before: with this it is committed, unless it was rolled back.
            operation.Commit = (await DecideAsync(message.Id, Verdict.Commit, VerdictSource.Producer, onlyProducerId: message.ProducerId)).Result;
        }

        CoordinatorMetrics.RecordPrepare(operation.Result, message.IsCommitted, time.GetElapsedTime(began));
        return operation;
    }

    /// <summary>Stores a verdict; the deliveries of a commit are on their way when this returns.</summary>
    /// <exception cref="WriteQueueFullException">Too much waits; nothing was stored.</exception>
    /// <exception cref="StoreUnavailableException">The store refused the write; nothing was acknowledged.</exception>
    public async Task<VerdictOperation> DecideAsync(Guid id, Verdict verdict, VerdictSource source, string? reason = null, string? actor = null, long? onlyProducerId = null, long? bulkActionSeq = null, bool isAlone = false)
    {
        using var span = Tracing.StartVerdict(id, verdict, source);
        var began = time.GetTimestamp();
        var operation = new VerdictOperation(id, verdict, source, time.GetUtcNow())
        {
            Reason = reason,
            Actor = actor,
            OnlyProducerId = onlyProducerId,
            BulkActionSeq = bulkActionSeq,
            Cached = cache.Take(id),
        };
        var isOwn = source == VerdictSource.CheckBack || bulkActionSeq is not null;
        var result = await (isOwn ? committer.WriteOwnAsync(operation) : committer.WriteAsync(operation, isAlone));
        dispatcher.Dispatch(result.Decided?.FannedOut);
        CoordinatorMetrics.RecordVerdict(verdict, source, result.Outcome, time.GetElapsedTime(began));
        Tracing.Finish(span, result);
        return operation;
    }
}
