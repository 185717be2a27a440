using Microsoft.Extensions.Options;
using TxMsg.Server.Alerts;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.CheckBacks;

/// <summary>Asks about one half message and stores what came of it: a verdict goes the way of every verdict.</summary>
public sealed partial class CheckBackRunner(
    CheckBackClient client, TransactionCoordinator coordinator, GroupCommitter committer, RegistryCache registry, ProducerCounters counters, ProducerBreaker breaker, AlertSignal alerts,
    IOptions<CheckBackOptions> options, TimeProvider time, ILogger<CheckBackRunner> logger, Random? random = null)
{
    /// <summary>Asks once and records it; a producer that does not answer is noted for its breaker.</summary>
    public async Task<CheckBackAnswer> RunAsync(OverdueMessage message, CancellationToken cancellationToken)
    {
        var producer = registry.Current.FindProducer(message.ProducerId)
            ?? (await registry.RefreshAsync(cancellationToken)).FindProducer(message.ProducerId)
            ?? throw new InvalidOperationException($"Producer {message.ProducerId} of message {message.MessageId} is not registered.");
        var began = time.GetUtcNow();
        var (answer, result) = await client.AskAsync(message, producer, options.Value.Timeout, cancellationToken);
        if (answer == CheckBackAnswer.Unreachable) counters[producer.Id].Failed(time.GetUtcNow(), result.Status, ErrorOf(result));
        else counters[producer.Id].Succeeded(time.GetUtcNow());
        breaker.Note(producer.Id, answer);
        var record = Record(message, producer, answer, result, began);
        var recorded = committer.WriteOwnAsync(record);
        // The record is queued first: the timeline shows the answer, then the verdict.
        if (answer is CheckBackAnswer.Commit) await coordinator.DecideAsync(message.MessageId, Verdict.Commit, VerdictSource.CheckBack);
        else if (answer is CheckBackAnswer.Rollback) await coordinator.DecideAsync(message.MessageId, Verdict.Rollback, VerdictSource.CheckBack);
        var parked = await recorded;
        CoordinatorMetrics.RecordCheckBack(answer.ToWire(), parked);
        if (parked)
        {
            LogParked(message.MessageId, producer.Name, message.Attempt);
            alerts.Raise();
        }

        return answer;
    }

    private CheckBackRecord Record(OverdueMessage message, Producer producer, CheckBackAnswer answer, WebhookResult result, DateTimeOffset began)
    {
        var now = time.GetUtcNow();
        var isVerdict = answer is CheckBackAnswer.Commit or CheckBackAnswer.Rollback;
        // A verdict that could not be stored is asked for again after the usual pause.
        var state = isVerdict ? message.MessageState : CheckBackSchedule.StateAfter(message, answer, producer, options.Value, now);
        var pause = CheckBackSchedule.PauseAfter(message.Attempt, options.Value, (random ?? Random.Shared).NextDouble());
        return new CheckBackRecord(message)
        {
            Answer = answer,
            State = state,
            NextAt = state == MessageState.Prepared ? CheckBackSchedule.NextAfter(message, producer, options.Value, now + pause) : null,
            At = began.ToUnixTimeMilliseconds(),
            Url = producer.CheckBackUrl.AbsoluteUri,
            Status = result.Status,
            LatencyMs = (long)result.Latency.TotalMilliseconds,
            Error = answer == CheckBackAnswer.Unreachable ? ErrorOf(result) : null,
        };
    }

    internal static string ErrorOf(WebhookResult result) =>
        result.IsSuccess ? "The answer is not {\"verdict\":\"commit\"|\"rollback\"|\"unknown\"}." : result.Error ?? $"Status {result.Status}.";

    [LoggerMessage(2001, LogLevel.Warning, "Half message {MessageId} of producer {Producer} is parked after {CheckBacks} check-backs; it waits for a late verdict or an operator")]
    private partial void LogParked(Guid messageId, string producer, int checkBacks);
}
