using System.Net;
using System.Net.Sockets;
using TxMsg.Benchmarks.Sockets;

namespace TxMsg.Benchmarks.Receiving;

/// <summary>The consumer: acknowledges every delivery, having checked it.</summary>
internal sealed class Receiver : IReadable, IDisposable
{
    private const int Backlog = 512;

    private readonly EventLoop loop;
    private readonly DeliveryCheck deliveries;
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HashSet<Socket> connections = [];

    public Receiver(EventLoop loop, int port, DeliveryCheck deliveries)
    {
        this.loop = loop;
        this.deliveries = deliveries;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(Backlog);
        listener.Blocking = false;
        loop.Watch(listener, this);
    }

    public Uri Endpoint => new($"http://{listener.LocalEndPoint}/deliveries");

    public void OnReadable()
    {
        var accepted = listener.Accept();
        accepted.NoDelay = true;
        accepted.Blocking = false;
        connections.Add(accepted);
        loop.Watch(accepted, new ReceiverConnection(this, accepted));
    }

    public void Accept(in DeliveryRequest delivery) => deliveries.Accept(delivery);

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
