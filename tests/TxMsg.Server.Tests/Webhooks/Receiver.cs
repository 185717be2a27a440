using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TxMsg.Server.Tests.Webhooks;

/// <summary>A server on a raw socket that answers, or misbehaves, as a test tells it.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<Receiver, NetworkStream, CancellationToken, Task> _serve;
    private readonly Task _accepting;
    private int _connectionCount;

    private Receiver(Func<Receiver, NetworkStream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hooks?tenant=7");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    /// <summary>Reads a request on each connection, then does what the test says.</summary>
    public static Receiver Misbehaving(Func<NetworkStream, CancellationToken, Task> misbehave) => new(async (receiver, stream, stop) =>
    {
        receiver.Requests.Enqueue(await ReceivedRequest.ReadAsync(stream, stop));
        await misbehave(stream, stop);
    });

    /// <summary>Answers every request with the same bytes and keeps the connection.</summary>
    public static Receiver Answering(string answer) => Answering(Encoding.Latin1.GetBytes(answer));

    public static Receiver Answering(byte[] answer) => new(async (receiver, stream, stop) =>
    {
        while (true)
        {
            receiver.Requests.Enqueue(await ReceivedRequest.ReadAsync(stream, stop));
            await stream.WriteAsync(answer, stop);
        }
    });

    /// <summary>Does what the test says as soon as there is a connection.</summary>
    public static Receiver OnConnect(Func<NetworkStream, CancellationToken, Task> serve) => new((_, stream, stop) => serve(stream, stop));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _connectionCount);
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await _serve(this, stream, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // the sender hung up, or the test is over
        }
    }
}
