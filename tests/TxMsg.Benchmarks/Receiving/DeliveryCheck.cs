using System.Diagnostics;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Ledger;

namespace TxMsg.Benchmarks.Receiving;

/// <summary>Holds every delivery against the ledger of the measurement that runs. Any thread may bring deliveries.</summary>
internal sealed class DeliveryCheck(int payloadBytes)
{
    private readonly Lock gate = new();
    private readonly byte[] payload = Payload.OfSize(payloadBytes);
    private TransactionLedger ledger = new();
    private long lastDeliveryAt;
    private volatile BenchmarkFailedException? failure;

    public SignatureSample Signatures { get; set; } = new(secret: null);

    /// <summary>From the commit's request leaving the driver to the delivery's last byte arriving.</summary>
    public LatencyHistogram CommitToDelivered { get; private set; } = new();

    /// <summary>Taken under the lock: whoever saw in the ledger that all are delivered finds the last one's time here.</summary>
    public long LastDeliveryAt
    {
        get
        {
            lock (gate)
                return lastDeliveryAt;
        }
    }

    /// <summary>A delivery of an earlier measurement that comes now counts as invented.</summary>
    public void Expect(TransactionLedger transactions)
    {
        lock (gate)
        {
            ledger = transactions;
            CommitToDelivered = new LatencyHistogram();
            lastDeliveryAt = Stopwatch.GetTimestamp();
        }
    }

    public void Accept(in DeliveryRequest delivery)
    {
        if (!delivery.Body.SequenceEqual(payload))
            throw new BenchmarkFailedException($"A delivery carried {delivery.Body.Length} bytes that are not the payload sent.");
        Signatures.Check(delivery);
        var now = Stopwatch.GetTimestamp();
        lock (gate)
        {
            if (ledger.Deliver(delivery.Id, out var commitSent) != DeliveryVerdict.Expected)
                return;
            CommitToDelivered.Record(commitSent, now);
            lastDeliveryAt = Math.Max(lastDeliveryAt, now);
        }
    }

    /// <summary>For a receiver on other threads than the one that runs the measurement.</summary>
    public void Fail(BenchmarkFailedException delivery) => failure ??= delivery;

    public void ThrowIfFailed()
    {
        if (failure is { } first)
            throw new BenchmarkFailedException(first.Message);
    }
}
