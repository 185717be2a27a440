using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Ledger;
using TxMsg.Benchmarks.Sockets;

namespace TxMsg.Benchmarks.Receiving;

/// <summary>The consumer: acknowledges every delivery, and holds each against the ledger of the measurement that runs.</summary>
internal sealed class Receiver : IReadable, IDisposable
{
    private const int Backlog = 512;

    private readonly EventLoop loop;
    private readonly byte[] payload;
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HashSet<Socket> connections = [];
    private TransactionLedger ledger = new();

    public Receiver(EventLoop loop, int port, int payloadBytes)
    {
        this.loop = loop;
        payload = Payload.OfSize(payloadBytes);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(Backlog);
        listener.Blocking = false;
        loop.Watch(listener, this);
    }

    public Uri Endpoint => new($"http://{listener.LocalEndPoint}/deliveries");

    public SignatureSample Signatures { get; set; } = new(secret: null);

    /// <summary>From the commit's request leaving the driver to the delivery's last byte arriving.</summary>
    public LatencyHistogram CommitToDelivered { get; private set; } = new();

    public long LastDeliveryAt { get; private set; }

    /// <summary>A delivery of an earlier measurement that comes now counts as invented.</summary>
    public void Expect(TransactionLedger transactions)
    {
        ledger = transactions;
        CommitToDelivered = new LatencyHistogram();
        LastDeliveryAt = Stopwatch.GetTimestamp();
    }

    public void OnReadable()
    {
        var accepted = listener.Accept();
        accepted.NoDelay = true;
        accepted.Blocking = false;
        connections.Add(accepted);
        loop.Watch(accepted, new ReceiverConnection(this, accepted));
    }

    public void Accept(in DeliveryRequest delivery)
    {
        if (!delivery.Body.SequenceEqual(payload))
            throw new BenchmarkFailedException($"A delivery carried {delivery.Body.Length} bytes that are not the payload sent.");
        Signatures.Check(delivery);
        var now = Stopwatch.GetTimestamp();
        if (ledger.Deliver(delivery.Id, out var commitSent) != DeliveryVerdict.Expected)
            return;
        CommitToDelivered.Record(commitSent, now);
        LastDeliveryAt = now;
    }

    public void Close(Socket socket)
    {
        connections.Remove(socket);
        loop.Forget(socket);
        socket.Dispose();
    }

    public void Dispose()
    {
        foreach (var socket in connections.ToList())
            Close(socket);
        Close(listener);
    }
}
