using TxMsg.Server.Alerts;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.BulkActions;

/// <summary>Does to some items what a person would do to each: the same operations, the same guards, the same record of who and why.</summary>
public sealed class BulkActionWork(
    GroupCommitter committer, TransactionCoordinator coordinator, ManualCheckBack checkBacks, CheckBackRunner asking,
    OutletDirectory outlets, AlertSignal alerts, TimeProvider time)
{
    // A producer that hangs is asked no faster than this.
    private const int MaxAskedAtOnce = 16;

    /// <summary>Most items at once.</summary>
    public static int MaxBatch(BulkActionKind kind) => kind == BulkActionKind.CheckBack ? MaxAskedAtOnce : DeadLetterOperation.MaxRows;

    /// <summary>Does it to all of them; returns when it is durable.</summary>
    public async Task<BulkOutcome> DoAsync(BulkActionRow action, BulkScope scope, IReadOnlyList<BulkItem> items, CancellationToken cancellationToken)
    {
        switch (action.ActionKind)
        {
            case BulkActionKind.Redeliver:
                await ApplyAsync(action, scope, DeadLetterAction.Redeliver, items);
                break;
            case BulkActionKind.Discard:
                await ApplyAsync(action, scope, DeadLetterAction.Discard, items);
                break;
            case BulkActionKind.Commit:
                await DecideAsync(action, Verdict.Commit, items);
                break;
            case BulkActionKind.Rollback:
                await DecideAsync(action, Verdict.Rollback, items);
                break;
            default:
                return await AskAsync(action, items, cancellationToken);
        }

        alerts.Raise();
        return new BulkOutcome(items.Count);
    }

    private async Task ApplyAsync(BulkActionRow action, BulkScope scope, DeadLetterAction what, IReadOnlyList<BulkItem> items)
    {
        var ids = items.Where(item => item.DeliveryId != 0).Select(item => item.DeliveryId).ToArray();
        if (ids.Length == 0) return;
        await committer.WriteOwnAsync(new DeadLetterOperation(scope.SubscriptionId, what, time.GetUtcNow())
        {
            Actor = action.Actor,
            Reason = action.Reason,
            DeliveryIds = ids,
            DeadBefore = scope.DeadBefore,
            BulkActionSeq = action.Seq,
        });
        if (what == DeadLetterAction.Redeliver) outlets.Wake();
    }

    // Decided in the meantime, by whomever: that is no error, and nothing is counted.
    private Task DecideAsync(BulkActionRow action, Verdict verdict, IReadOnlyList<BulkItem> items) => Task.WhenAll(
        items.Select(item => coordinator.DecideAsync(item.MessageId, verdict, VerdictSource.Operator, action.Reason, action.Actor, bulkActionSeq: action.Seq)));

    private async Task<BulkOutcome> AskAsync(BulkActionRow action, IReadOnlyList<BulkItem> items, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(items.Select(item => AskAsync(action, item, cancellationToken)));
        var failed = answers.Count(answer => answer == CheckBackAnswer.Unreachable);
        return new BulkOutcome(items.Count, answers.Count(answer => answer is not null) - failed, failed);
    }

    private async Task<CheckBackAnswer?> AskAsync(BulkActionRow action, BulkItem item, CancellationToken cancellationToken)
    {
        if (await checkBacks.ClaimAsync(item.MessageId, action.Actor, action.Reason) is not { } message) return null;
        return await asking.RunAsync(message, cancellationToken);
    }
}
