using Microsoft.Extensions.Options;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Alerts;

/// <summary>Raises and clears alerts, and tells the receiver once of each. The rows decide, so that checks on several nodes, or beside
/// each other, tell it once all the same.</summary>
public sealed partial class AlertCheck(
    ConditionReader conditions, AlertStore store, AlertNotifier notifier, IOptions<AlertOptions> options, TimeProvider time, ILogger<AlertCheck> logger)
{
    // The rest goes with the next check.
    private const int MaxWebhooks = 200;

    private static readonly TimeSpan ClaimMargin = TimeSpan.FromSeconds(5);

    private int running;
    private bool receiverFailed;
    private (long RaisedAt, string Key) toldLast;

    /// <summary>One check; does nothing while another one runs in this process.</summary>
    public async Task<AlertCheckCounts> RunAsync(CancellationToken cancellationToken) =>
        await TryRunAsync(cancellationToken) ?? AlertCheckCounts.None;

    /// <summary>One check; null while another one runs in this process.</summary>
    internal async Task<AlertCheckCounts?> TryRunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref running, 1) != 0) return null;
        try
        {
            return await CheckAsync(cancellationToken);
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    private async Task<AlertCheckCounts> CheckAsync(CancellationToken cancellationToken)
    {
        var holding = await conditions.ReadAsync(cancellationToken);
        var raised = await store.AgreeAsync(holding, await store.ListAsync(cancellationToken), Now(), cancellationToken);
        foreach (var condition in raised) LogRaised(condition.Kind, condition.Subject, AlertTexts.Raised(condition));
        var conditionOf = holding.ToDictionary(condition => condition.Key, StringComparer.Ordinal);
        var counts = new AlertCheckCounts(holding.Count, raised.Count, 0, 0, 0);
        var due = (await store.ListAsync(cancellationToken)).Where(row => IsDue(row, conditionOf)).OrderBy(IsBeforeItsTurn).Take(MaxWebhooks).ToArray();
        foreach (var row in due)
        {
            toldLast = (row.RaisedAt, row.ConditionKey);
            var step = await TellAsync(row, conditionOf.GetValueOrDefault(row.ConditionKey), cancellationToken);
            counts = counts with { Cleared = counts.Cleared + step.Cleared, Notified = counts.Notified + step.Notified, Failed = counts.Failed + step.Failed };
            // Nobody is there: the others would wait for their deadlines one after the other, and keep the next check waiting.
            if (step.ReceiverIsDown) break;
        }

        return counts;
    }

    // What another node has just raised and this check did not see is the next one's: nothing could be said of it but its name.
    // Without a receiver nobody is told that an alert was raised: one that is set later hears of it then.
    private bool IsDue(AlertRow row, Dictionary<string, AlertCondition> conditionOf) =>
        row.ClaimedUntil <= Now()
        && (row.IsClearing ? row.ClearedAt <= ClearedBefore() : notifier.HasReceiver && row.NotifiedAt is null && conditionOf.ContainsKey(row.ConditionKey));

    // A check goes on behind the alert that the last one ended with: one that the receiver cannot take must not keep the others from it.
    private bool IsBeforeItsTurn(AlertRow row) =>
        row.RaisedAt < toldLast.RaisedAt || (row.RaisedAt == toldLast.RaisedAt && string.CompareOrdinal(row.ConditionKey, toldLast.Key) <= 0);

    private async Task<(int Cleared, int Notified, int Failed, bool ReceiverIsDown)> TellAsync(AlertRow row, AlertCondition? condition, CancellationToken cancellationToken)
    {
        var now = Now();
        var until = now + (long)(options.Value.Timeout + ClaimMargin).TotalMilliseconds;
        if (!await store.ClaimAsync(row, now, until, ClearedBefore(), cancellationToken)) return default;
        var result = await notifier.SendAsync(row, row.IsClearing ? null : condition, cancellationToken);
        if (result is { IsSuccess: false })
        {
            await store.ReleaseAsync(row, Now(), until);
            NoteFailed(row, result);
            return (0, 0, 1, result.Outcome != WebhookOutcome.Answered || result.Status is 429 or >= 500);
        }

        if (result is not null) NoteAcknowledged();
        var settled = await store.SettleAsync(row, Now(), until);
        if (settled && row.IsClearing) LogCleared(row.Kind, row.Subject, TimeSpan.FromMilliseconds(row.ClearedAt!.Value - row.RaisedAt));
        return (settled && row.IsClearing ? 1 : 0, result is null ? 0 : 1, 0, false);
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    // Half a check's slack: the job is not punctual to the millisecond.
    private long ClearedBefore() => Now() - (long)options.Value.CheckInterval.TotalMilliseconds / 2;

    private void NoteFailed(AlertRow row, WebhookResult result)
    {
        if (!receiverFailed) LogNotTold(row.Kind, row.Subject, result.Error ?? "no reason");
        receiverFailed = true;
    }

    private void NoteAcknowledged()
    {
        if (receiverFailed) LogToldAgain();
        receiverFailed = false;
    }
}
