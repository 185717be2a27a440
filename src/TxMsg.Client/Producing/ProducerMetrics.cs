using System.Diagnostics.Metrics;

namespace TxMsg.Client.Producing;

/// <summary>Counts of local transactions with messages.</summary>
internal static class ProducerMetrics
{
    private static readonly Counter<long> Transactions = ClientTelemetry.Meter.CreateCounter<long>(
        "txmsg_client_transactions", description: "Local transactions with messages, by outcome (committed, rolled_back, uncertain)");

    private static readonly Counter<long> Verdicts = ClientTelemetry.Meter.CreateCounter<long>(
        "txmsg_client_verdicts", description: "Verdicts after local transactions that committed, by status (recorded, pending, overruled, lost)");

    public static void Committed() => Count("committed");

    public static void RolledBack() => Count("rolled_back");

    public static void Uncertain() => Count("uncertain");

    public static void Verdict(VerdictStatus status) =>
        Verdicts.Add(1, new KeyValuePair<string, object?>("status", status.ToString().ToLowerInvariant()));

    private static void Count(string outcome) => Transactions.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
