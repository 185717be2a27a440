using System.Diagnostics;
using System.Net;
using TxMsg.Benchmarks.Receiving;
using TxMsg.Benchmarks.Sockets;

namespace TxMsg.Benchmarks.Driving;

/// <summary>All connections, the receiver's too, on the caller's thread. Several servers have as many of them each.</summary>
internal sealed class LeanTransport : ITransport
{
    private readonly EventLoop loop = new();
    private readonly Receiver receiver;
    private readonly IReadOnlyList<(IPEndPoint Address, RequestTemplates Templates)> servers;

    public LeanTransport(IReadOnlyList<Uri> servers, int receiverPort, int payloadBytes, DeliveryCheck deliveries)
    {
        receiver = new Receiver(loop, receiverPort, deliveries);
        this.servers = [.. servers.Select(server => (new IPEndPoint(IPAddress.Parse(server.Host), server.Port), new RequestTemplates(server, payloadBytes)))];
    }

    public Uri Endpoint => receiver.Endpoint;

    public long Produce(int connections, TransactionFeed feed, CancellationToken cancellation)
    {
        var producers = new List<ProducerConnection>();
        try
        {
            for (var i = 0; i < connections; i++)
            {
                var (address, templates) = servers[i % servers.Count];
                producers.Add(new ProducerConnection(loop, feed, templates, address));
            }

            producers.ForEach(producer => producer.Start());
            if (!loop.RunUntil(() => feed.BusyConnections == 0, feed.Duration + Driver.LongestAnswer, cancellation))
                throw new BenchmarkFailedException($"{feed.BusyConnections} connections got no answer within {Driver.LongestAnswer}.");
            return Stopwatch.GetTimestamp();
        }
        finally
        {
            producers.ForEach(producer => producer.Dispose());
        }
    }

    public bool WaitUntil(Func<bool> done, TimeSpan limit, CancellationToken cancellation) => loop.RunUntil(done, limit, cancellation);

    public void Dispose()
    {
        receiver.Dispose();
        loop.Dispose();
    }
}
