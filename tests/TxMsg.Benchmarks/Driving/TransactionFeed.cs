using System.Diagnostics;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Ledger;

namespace TxMsg.Benchmarks.Driving;

/// <summary>Hands out transactions to the connections until a limit is reached, and keeps the times.</summary>
internal sealed class TransactionFeed(TransactionLedger ledger, RequestTemplates templates, DriveLimits limits)
{
    private readonly long start = Stopwatch.GetTimestamp();

    public RequestTemplates Templates { get; } = templates;
    public TransactionLedger Ledger { get; } = ledger;
    public LatencyHistogram Prepare { get; } = new();
    public LatencyHistogram Commit { get; } = new();
    public int BusyConnections { get; set; }

    public bool HasMore => Ledger.Begun < limits.Transactions && Stopwatch.GetElapsedTime(start) < limits.Duration;
}
