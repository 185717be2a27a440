using System.Diagnostics;
using System.Diagnostics.Metrics;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Observability;

/// <summary>What is counted and timed where it happens. Names begin with <c>txmsg_</c>; seconds are seconds.</summary>
/// <remarks>Up to three tags go to the instrument without an array, and their values are constants: recording allocates nothing.</remarks>
public static class CoordinatorMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TxMsg";

    /// <summary>The same, added up for the history.</summary>
    internal static readonly RunningTotals Totals = new();

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Prepares = Meter.CreateCounter<long>("txmsg_prepares", description: "Prepares by outcome");
    private static readonly Counter<long> VerdictCount = Meter.CreateCounter<long>("txmsg_verdicts", description: "Verdicts by source and outcome");
    private static readonly Counter<long> CheckBacks = Meter.CreateCounter<long>("txmsg_check_backs", description: "Check-backs by answer");
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("txmsg_delivery_attempts", description: "Delivery attempts by outcome");
    private static readonly Counter<long> Parked = Meter.CreateCounter<long>("txmsg_parked", description: "Half messages parked");
    private static readonly Histogram<double> PrepareSeconds = Meter.CreateHistogram<double>("txmsg_prepare_duration_seconds", "s", "From the parsed request to durable", advice: Buckets.Seconds);
    private static readonly Histogram<double> CommitSeconds = Meter.CreateHistogram<double>("txmsg_commit_duration_seconds", "s", "From the parsed request to durable", advice: Buckets.Seconds);
    private static readonly Histogram<double> CommitToDelivered = Meter.CreateHistogram<double>("txmsg_commit_to_delivered_seconds", "s", "From the commit to the subscriber's acknowledgement", advice: Buckets.LongSeconds);
    private static readonly Histogram<long> BatchSize = Meter.CreateHistogram<long>("txmsg_group_commit_batch_size", description: "Writes in one transaction of the group committer", advice: Buckets.BatchSizes);
    private static readonly Histogram<double> BatchWait = Meter.CreateHistogram<double>("txmsg_group_commit_wait_seconds", "s", "How long the oldest write of a transaction waited for it to begin", advice: Buckets.Seconds);

    /// <summary>A prepare was answered.</summary>
    public static void RecordPrepare(PrepareOutcome outcome, bool isCommitted, TimeSpan elapsed)
    {
        Prepares.Add(1, new KeyValuePair<string, object?>("outcome", Name(outcome)), new("kind", isCommitted ? "ordinary" : "half"));
        PrepareSeconds.Record(elapsed.TotalSeconds);
        if (outcome == PrepareOutcome.Created) Totals.Count(isCommitted ? Total.Committed : Total.Prepared);
    }

    /// <summary>A verdict was answered.</summary>
    public static void RecordVerdict(Verdict verdict, VerdictSource source, VerdictOutcome outcome, TimeSpan elapsed)
    {
        VerdictCount.Add(1, new KeyValuePair<string, object?>("verdict", verdict.ToWire()), new("source", source.ToWire()), new("outcome", Name(outcome)));
        if (verdict == Verdict.Commit) CommitSeconds.Record(elapsed.TotalSeconds);
        if (outcome == VerdictOutcome.Decided) Totals.Count(verdict == Verdict.Commit ? Total.Committed : Total.RolledBack);
    }

    /// <summary>A check-back was answered, or not.</summary>
    public static void RecordCheckBack(string answer, bool parked)
    {
        CheckBacks.Add(1, new KeyValuePair<string, object?>("answer", answer));
        if (parked) RecordParked(1);
    }

    /// <summary>So many half messages were parked.</summary>
    public static void RecordParked(int count) => Parked.Add(count);

    /// <summary>An attempt was judged.</summary>
    public static void RecordAttempt(DeliveryEvent @event, WebhookResult result, LeasedDelivery delivery, DateTimeOffset now)
    {
        Attempts.Add(1, new KeyValuePair<string, object?>("outcome", Name(@event, result)));
        if (@event == DeliveryEvent.Acknowledge)
        {
            var milliseconds = Math.Max(0, now.ToUnixTimeMilliseconds() - delivery.CommittedAt);
            CommitToDelivered.Record(milliseconds / 1000.0);
            Totals.Count(Total.Delivered);
            Totals.CountLatency(milliseconds);
            return;
        }

        Totals.Count(Total.Failed);
        if (@event == DeliveryEvent.DeadLetter) Totals.Count(Total.DeadLettered);
    }

    /// <summary>The committer begins a transaction.</summary>
    public static void RecordBatch(IReadOnlyList<WriteOperation> batch)
    {
        BatchSize.Record(batch.Count);
        if (!BatchWait.Enabled) return;
        // The oldest is the first of the urgent ones or the first of the deferred ones, which stand behind them.
        var oldest = long.MaxValue;
        for (var i = 0; i < batch.Count; i++) oldest = Math.Min(oldest, batch[i].EnqueuedAt);
        BatchWait.Record(Stopwatch.GetElapsedTime(oldest).TotalSeconds);
    }

    private static string Name(PrepareOutcome outcome) => outcome switch
    {
        PrepareOutcome.Created => "created",
        PrepareOutcome.Existing => "existing",
        _ => "conflict",
    };

    internal static string Name(VerdictOutcome outcome) => outcome switch
    {
        VerdictOutcome.Decided => "decided",
        VerdictOutcome.Repeated => "repeated",
        VerdictOutcome.Conflict => "conflict",
        VerdictOutcome.NotFound => "notFound",
        _ => "forbidden",
    };

    private static string Name(DeliveryEvent @event, WebhookResult result) => @event switch
    {
        DeliveryEvent.Acknowledge => "delivered",
        DeliveryEvent.DeadLetter => "deadLettered",
        _ => result.Outcome == WebhookOutcome.Answered ? "refused" : "unreachable",
    };
}
