using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TxMsg.FaultTests.Faults.Network;

/// <summary>A way with weather: it passes bytes on between two peers, or holds them, or resets their connections.</summary>
/// <remarks>What was held passes on when the weather clears up, connection by connection in an order by chance: so requests arrive that
/// their sender has long given up, after those that repeat them.</remarks>
internal sealed class TcpProxy : IAsyncDisposable
{
    private const int MostBytesBeforeCut = 2_000;
    private readonly ConcurrentDictionary<ProxiedConnection, Task> connections = new();
    private readonly Lock locking = new();
    private readonly Random random;
    private readonly int port;
    private Socket? listener;
    private Task accepting;
    private IPEndPoint target = new(IPAddress.Loopback, 9);

    public TcpProxy(int seed)
    {
        random = new Random(seed);
        listener = Listen(0);
        port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        accepting = AcceptAsync(listener);
    }

    public Weather Weather { get; private set; }

    /// <summary>How many connections were reset or cut.</summary>
    public int Resets { get; private set; }

    /// <summary>The way to this address.</summary>
    public Uri To(Uri address)
    {
        target = new IPEndPoint(IPAddress.Loopback, address.Port);
        return new UriBuilder(address) { Port = port }.Uri;
    }

    /// <summary>The weather changes. When it clears up, each connection that was held is reset or let pass.</summary>
    public async Task ChangeAsync(Weather weather)
    {
        Weather = weather;
        if (weather == Weather.Refused)
        {
            listener?.Dispose();
            listener = null;
            await accepting;
            foreach (var connection in connections.Keys) Reset(connection);
        }
        else if (listener is null)
        {
            listener = Listen(port);
            accepting = AcceptAsync(listener);
        }

        if (weather != Weather.Fair) return;
        var held = connections.Keys.ToArray();
        lock (locking) random.Shuffle(held);
        foreach (var connection in held)
        {
            if (connection.IsHeld && Draw(3) == 0) Reset(connection);
            else await connection.ReleaseAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener?.Dispose();
        listener = null;
        await accepting;
        foreach (var connection in connections.Keys) connection.Reset();
        await Task.WhenAll(connections.Values);
    }

    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen(1_000);
        return socket;
    }

    private async Task AcceptAsync(Socket from)
    {
        while (true)
        {
            try
            {
                var client = await from.AcceptAsync();
                var connection = new ProxiedConnection(client, target, () => Weather) { BytesBeforeCut = Draw(MostBytesBeforeCut) };
                connections[connection] = Task.CompletedTask;
                connections[connection] = RunAsync(connection);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task RunAsync(ProxiedConnection connection)
    {
        await Task.Yield();
        await connection.RunAsync();
        connections.TryRemove(connection, out _);
    }

    private void Reset(ProxiedConnection connection)
    {
        connection.Reset();
        Resets++;
    }

    private int Draw(int below)
    {
        lock (locking) return random.Next(below);
    }
}
