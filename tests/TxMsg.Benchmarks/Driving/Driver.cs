using System.Diagnostics;
using System.Net;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Ledger;
using TxMsg.Benchmarks.Receiving;
using TxMsg.Benchmarks.Sockets;

namespace TxMsg.Benchmarks.Driving;

/// <summary>Runs transactions over a number of connections, waits until all of them are delivered, and checks that each was, once.</summary>
internal sealed class Driver(EventLoop loop, Receiver receiver, Uri server, int payloadBytes)
{
    // Enough for a server without group commit to deliver what piled up, and no reason to wait longer for one that lost something.
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    private readonly IPEndPoint address = new(IPAddress.Parse(server.Host), server.Port);
    private readonly RequestTemplates templates = new(server, payloadBytes);
    private TransactionLedger ledger = new();

    public DriveResult Run(int connections, DriveLimits limits, CancellationToken cancellation)
    {
        ledger = new TransactionLedger();
        receiver.Expect(ledger);
        var verifiedBefore = receiver.Signatures.Verified;
        var cpuBefore = CpuSeconds();
        var start = Stopwatch.GetTimestamp();
        var feed = new TransactionFeed(ledger, templates, limits);
        var producing = Produce(connections, feed, limits.Duration, cancellation);
        var finished = loop.RunUntil(() => ledger.AllDelivered, LongestDrain, cancellation);
        if (!finished)
            throw new BenchmarkFailedException($"{ledger.Lost} of {ledger.Committed} committed messages were not delivered within {LongestDrain}.");

        var all = Stopwatch.GetElapsedTime(start, receiver.LastDeliveryAt);
        return new DriveResult(
            ledger.Delivered, all.TotalSeconds, Math.Max(0, (all - producing).TotalSeconds),
            feed.Prepare.Summarize(), feed.Commit.Summarize(), receiver.CommitToDelivered.Summarize(),
            receiver.Signatures.Verified - verifiedBefore, CpuSeconds() - cpuBefore);
    }

    /// <summary>To be called when the server has come to rest: a second delivery may come after the last first one.</summary>
    public void CheckExactlyOnce()
    {
        if (ledger.Duplicates + ledger.Invented + ledger.Lost != 0)
            throw new BenchmarkFailedException(
                $"Of {ledger.Committed} committed messages {ledger.Lost} were lost and {ledger.Duplicates} delivered again; " +
                $"{ledger.Invented} deliveries were of messages that were not committed.");
    }

    private TimeSpan Produce(int connections, TransactionFeed feed, TimeSpan duration, CancellationToken cancellation)
    {
        var producers = new List<ProducerConnection>();
        var start = Stopwatch.GetTimestamp();
        try
        {
            for (var i = 0; i < connections; i++)
                producers.Add(new ProducerConnection(loop, feed, address));
            producers.ForEach(producer => producer.Start());
            if (!loop.RunUntil(() => feed.BusyConnections == 0, duration + LongestAnswer, cancellation))
                throw new BenchmarkFailedException($"{feed.BusyConnections} connections got no answer within {LongestAnswer}.");
            return Stopwatch.GetElapsedTime(start);
        }
        finally
        {
            producers.ForEach(producer => producer.Dispose());
        }
    }

    private static double CpuSeconds()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }
}
