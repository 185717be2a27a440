using System.Diagnostics.Metrics;

namespace TxMsg.Client.Consuming;

/// <summary>What consumers count and time. Tags are never a stranger's: a subscription is named only once its signature was right.</summary>
internal static class ConsumerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TxMsg.Client";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("txmsg_client_deliveries", description: "Deliveries by subscription and outcome");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("txmsg_client_refused_deliveries", description: "Requests that no handler saw, by reason");
    private static readonly Counter<long> Purged = Meter.CreateCounter<long>("txmsg_client_inbox_purged", description: "Rows of the inbox that were forgotten");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>("txmsg_client_handling_duration_seconds", "s", "From the verified request to the end of the local transaction");

    /// <summary>A delivery was answered.</summary>
    public static void RecordHandled(string subscription, HandlingOutcome outcome, TimeSpan elapsed)
    {
        Deliveries.Add(1, new KeyValuePair<string, object?>("subscription", subscription), new("outcome", Name(outcome)));
        Seconds.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("subscription", subscription), new("outcome", Name(outcome)));
    }

    /// <summary>A request was refused.</summary>
    public static void RecordRefused(RefusalReason reason) => Refused.Add(1, new KeyValuePair<string, object?>("reason", Name(reason)));

    /// <summary>Rows were purged.</summary>
    public static void RecordPurged(int rows) => Purged.Add(rows);

    /// <summary>An outcome as tags name it.</summary>
    public static string Name(HandlingOutcome outcome) => outcome switch
    {
        HandlingOutcome.Handled => "handled",
        HandlingOutcome.Duplicate => "duplicate",
        HandlingOutcome.Retried => "retried",
        HandlingOutcome.Rejected => "rejected",
        HandlingOutcome.Busy => "busy",
        HandlingOutcome.Stopped => "stopped",
        HandlingOutcome.Tested => "tested",
        _ => "failed",
    };

    private static string Name(RefusalReason reason) => reason switch
    {
        RefusalReason.MissingSignature => "missing_signature",
        RefusalReason.MalformedSignature => "malformed_signature",
        RefusalReason.WrongSignature => "wrong_signature",
        RefusalReason.TimestampTooOld => "timestamp_too_old",
        RefusalReason.TimestampTooNew => "timestamp_too_new",
        RefusalReason.MalformedEvent => "malformed_event",
        RefusalReason.IdMismatch => "id_mismatch",
        RefusalReason.ForeignSubscription => "foreign_subscription",
        _ => "too_large",
    };
}
