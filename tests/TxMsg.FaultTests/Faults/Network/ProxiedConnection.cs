using System.Net;
using System.Net.Sockets;

namespace TxMsg.FaultTests.Faults.Network;

/// <summary>One connection through a <see cref="TcpProxy"/>: two directions, each passed on as the weather allows.</summary>
internal sealed class ProxiedConnection(Socket client, IPEndPoint target, Func<Weather> weather)
{
    private const int BufferSize = 16 * 1024;
    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource reset = new();
    private TaskCompletionSource released = Holding();
    private int passed;

    /// <summary>After how many bytes it is reset while connections are cut.</summary>
    public required int BytesBeforeCut { get; init; }

    /// <summary>Whether something waits here.</summary>
    public bool IsHeld { get; private set; }

    public async Task RunAsync()
    {
        try
        {
            client.NoDelay = true;
            await PassAsync(isAnswer: false);
            await server.ConnectAsync(target);
            await Task.WhenAll(PumpAsync(client, server, isAnswer: false), PumpAsync(server, client, isAnswer: true));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has gone, so the other goes as well.
            Reset();
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    /// <summary>Lets go what is held, and waits until it is on its way.</summary>
    public async Task ReleaseAsync()
    {
        Interlocked.Exchange(ref released, Holding()).SetResult();
        await Task.Yield();
    }

    /// <summary>Both sides see a reset.</summary>
    public void Reset()
    {
        foreach (var socket in (Socket[])[client, server])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }

            socket.Dispose();
        }

        reset.Cancel();
    }

    private static TaskCompletionSource Holding() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[BufferSize];
        while (true)
        {
            var count = await from.ReceiveAsync(buffer.AsMemory());
            await PassAsync(isAnswer);
            if (weather() == Weather.Cut && Interlocked.Add(ref passed, count) > BytesBeforeCut)
            {
                Reset();
                return;
            }

            if (count == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
        }
    }

    private async Task PassAsync(bool isAnswer)
    {
        while (weather() == Weather.Partitioned || (isAnswer && weather() == Weather.AnswersHeld))
        {
            var wait = Volatile.Read(ref released).Task;
            // The weather may have cleared up between the two looks.
            if (weather() == Weather.Fair) return;
            IsHeld = true;
            await wait.WaitAsync(reset.Token);
            IsHeld = false;
        }
    }
}
