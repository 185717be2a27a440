using System.Diagnostics;
using TxMsg.Benchmarks.Receiving;

namespace TxMsg.Benchmarks.Driving;

/// <summary>What an ordinary .NET service sends and receives with.</summary>
internal sealed class ClientTransport(Uri server, int receiverPort, int payloadBytes, DeliveryCheck deliveries) : ITransport
{
    // No end of a measurement depends on it: times are taken where answers and deliveries arrive.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly KestrelReceiver receiver = new(receiverPort, deliveries);
    private readonly PrepareBody body = new(payloadBytes);

    public Uri Endpoint => receiver.Endpoint;

    public long Produce(int connections, TransactionFeed feed, CancellationToken cancellation)
    {
        // Loopback is never behind a proxy, whatever the environment says.
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false };
        using var http = new HttpClient(handler) { BaseAddress = server, Timeout = Driver.LongestAnswer };
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var producer = new ClientProducer(http, feed, body);
        var loops = Enumerable.Range(0, connections).Select(_ => Task.Run(() => RunOne(producer, failed))).ToList();
        Task.WhenAll(loops).GetAwaiter().GetResult();
        return Stopwatch.GetTimestamp();
    }

    public bool WaitUntil(Func<bool> done, TimeSpan limit, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (!done())
        {
            cancellation.ThrowIfCancellationRequested();
            deliveries.ThrowIfFailed();
            if (Stopwatch.GetElapsedTime(start) > limit)
                return false;
            cancellation.WaitHandle.WaitOne(Pause);
        }

        deliveries.ThrowIfFailed();
        return true;
    }

    public void Dispose() => receiver.Dispose();

    /// <summary>The first loop that fails ends the others, so that the failure is told at once.</summary>
    private static async Task RunOne(ClientProducer producer, CancellationTokenSource failed)
    {
        try
        {
            await producer.Run(failed.Token);
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }
}
