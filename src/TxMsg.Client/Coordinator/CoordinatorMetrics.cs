using System.Diagnostics.Metrics;

namespace TxMsg.Client.Coordinator;

/// <summary>Counts of the calls to the coordinator.</summary>
internal static class CoordinatorMetrics
{
    private static readonly Counter<long> Calls = ClientTelemetry.Meter.CreateCounter<long>(
        "txmsg_client_calls", description: "Calls to the coordinator, by call and outcome (ok, refused, unavailable, cancelled, failed)");

    private static readonly Counter<long> FailedTries = ClientTelemetry.Meter.CreateCounter<long>(
        "txmsg_client_failed_tries", description: "Tries of calls that a node did not answer, or answered with 429 or 5xx");

    private static readonly Histogram<double> Seconds = ClientTelemetry.Meter.CreateHistogram<double>(
        "txmsg_client_call_seconds", "s", "How long calls to the coordinator took, with all their tries");

    public static void Called(string call, string outcome, TimeSpan took)
    {
        Calls.Add(1, new("call", call), new("outcome", outcome));
        Seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("call", call));
    }

    public static void TryFailed(string call) => FailedTries.Add(1, new KeyValuePair<string, object?>("call", call));

    public static string OutcomeOf(Exception exception) => exception switch
    {
        CoordinatorRefusedException => "refused",
        CoordinatorUnavailableException => "unavailable",
        OperationCanceledException => "cancelled",
        _ => "failed",
    };
}
