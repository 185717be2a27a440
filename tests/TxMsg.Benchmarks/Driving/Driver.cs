using System.Diagnostics;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Ledger;
using TxMsg.Benchmarks.Receiving;

namespace TxMsg.Benchmarks.Driving;

/// <summary>Runs transactions over a number of connections, waits until all of them are delivered, and checks that each was, once.</summary>
internal sealed class Driver : IDisposable
{
    public static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    // Enough for a server without group commit to deliver what piled up, and no reason to wait longer for one that lost something.
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(2);

    private readonly ITransport transport;
    private TransactionLedger ledger = new();

    public Driver(DriverKind kind, Uri server, int receiverPort, int payloadBytes)
    {
        Deliveries = new DeliveryCheck(payloadBytes);
        transport = kind == DriverKind.Client
            ? new ClientTransport(server, receiverPort, payloadBytes, Deliveries)
            : new LeanTransport([server], receiverPort, payloadBytes, Deliveries);
    }

    /// <summary>The lean driver of several nodes of one coordinator, each of which gets as many connections.</summary>
    public Driver(IReadOnlyList<Uri> nodes, int payloadBytes)
    {
        Deliveries = new DeliveryCheck(payloadBytes);
        transport = new LeanTransport(nodes, receiverPort: 0, payloadBytes, Deliveries);
    }

    public DeliveryCheck Deliveries { get; }
    public Uri Endpoint => transport.Endpoint;

    public DriveResult Run(int connections, DriveLimits limits, CancellationToken cancellation)
    {
        ledger = new TransactionLedger();
        Deliveries.Expect(ledger);
        var verifiedBefore = Deliveries.Signatures.Verified;
        var cpuBefore = CpuSeconds();
        var start = Stopwatch.GetTimestamp();
        var feed = new TransactionFeed(ledger, limits);
        var answeredAt = transport.Produce(connections, feed, cancellation);
        if (!transport.WaitUntil(() => ledger.AllDelivered, LongestDrain, cancellation))
            throw new BenchmarkFailedException($"{ledger.Lost} of {ledger.Committed} committed messages were not delivered within {LongestDrain}.");

        var deliveredAt = Deliveries.LastDeliveryAt;
        return new DriveResult(
            ledger.Delivered, Stopwatch.GetElapsedTime(start, deliveredAt).TotalSeconds,
            Math.Max(0, Stopwatch.GetElapsedTime(answeredAt, deliveredAt).TotalSeconds),
            feed.Prepare.Summarize(), feed.Commit.Summarize(), Deliveries.CommitToDelivered.Summarize(),
            Deliveries.Signatures.Verified - verifiedBefore, CpuSeconds() - cpuBefore);
    }

    /// <summary>Takes what comes late, until <paramref name="done"/>; false when <paramref name="limit"/> passed before.</summary>
    public bool WaitUntil(Func<bool> done, TimeSpan limit, CancellationToken cancellation) =>
        transport.WaitUntil(done, limit, cancellation);

    /// <summary>To be called when the server has come to rest: a second delivery may come after the last first one.</summary>
    public void CheckExactlyOnce()
    {
        Deliveries.ThrowIfFailed();
        if (ledger.Duplicates + ledger.Invented + ledger.Lost != 0)
            throw new BenchmarkFailedException(
                $"Of {ledger.Committed} committed messages {ledger.Lost} were lost and {ledger.Duplicates} delivered again; " +
                $"{ledger.Invented} deliveries were of messages that were not committed.");
    }

    public void Dispose() => transport.Dispose();

    private static double CpuSeconds()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }
}
