using System.Diagnostics;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Ledger;

namespace TxMsg.Benchmarks.Driving;

/// <summary>Hands out transactions to the connections until a limit is reached, and keeps the times. Any thread may ask.</summary>
internal sealed class TransactionFeed(TransactionLedger ledger, DriveLimits limits)
{
    private readonly Lock gate = new();
    private readonly long start = Stopwatch.GetTimestamp();

    public TransactionLedger Ledger { get; } = ledger;
    public LatencyHistogram Prepare { get; } = new();
    public LatencyHistogram Commit { get; } = new();
    public TimeSpan Duration => limits.Duration;

    /// <summary>Counted by the lean driver, which has one thread; the other one counts tasks.</summary>
    public int BusyConnections { get; set; }

    public bool TryBegin(out int number)
    {
        // One lock around both, or several threads would start more than the limit.
        lock (gate)
        {
            var more = Ledger.Begun < limits.Transactions && Stopwatch.GetElapsedTime(start) < limits.Duration;
            number = more ? Ledger.Begin() : -1;
            return more;
        }
    }
}
