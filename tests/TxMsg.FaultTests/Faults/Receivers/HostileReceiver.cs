using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TxMsg.FaultTests.Faults.Receivers;

/// <summary>A port whose connections are all treated alike.</summary>
internal sealed class HostileReceiver : IAsyncDisposable
{
    private readonly Socket listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, bool> running = new();
    private readonly Func<Stream, CancellationToken, Task> treat;
    private readonly Task accepting;
    private int connections;

    /// <param name="treat">What is done with each connection.</param>
    /// <param name="at">Where it listens; by default on any port of loopback.</param>
    public HostileReceiver(Func<Stream, CancellationToken, Task> treat, IPEndPoint? at = null)
    {
        this.treat = treat;
        at ??= new IPEndPoint(IPAddress.Loopback, 0);
        listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(at);
        listener.Listen(500);
        accepting = AcceptAsync();
    }

    public HostileReceiver(Hostility hostility)
        : this(async (stream, end) =>
        {
            if (hostility.Reads) await ReadRequestAsync(stream, end);
            await hostility.Answer(stream, end);
        })
    {
    }

    public Uri Address => new($"http://{listener.LocalEndPoint}/");

    public int Connections => Volatile.Read(ref connections);

    /// <summary>The whole head, and of the body what came with it.</summary>
    public static async Task ReadRequestAsync(Stream stream, CancellationToken end)
    {
        var (buffer, count) = (new byte[64 * 1024], 0);
        while (!buffer.AsSpan(0, count).EndsWith("\"}"u8))
        {
            var read = await stream.ReadAsync(buffer.AsMemory(count), end);
            if (read == 0) return;
            count += read;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(running.Keys);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(stopping.Token);
                Interlocked.Increment(ref connections);
                running[TreatAsync(socket)] = true;
                foreach (var (task, _) in running.Where(pair => pair.Key.IsCompleted)) running.TryRemove(task, out _);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task TreatAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await treat(stream, stopping.Token);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // The coordinator hung up, or the run is over.
        }
    }
}
