using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TxMsg.Benchmarks.Sockets;

/// <summary>
/// One thread, one epoll, for all connections of the lean driver and of its receiver. The driver shares two cores with the server
/// it measures: asynchronous sockets would cost it a thread-pool hop for each answer, and waits for locks.
/// </summary>
internal sealed class EventLoop : IDisposable
{
    private const int MostEventsAtOnce = 256;
    private const int InterruptedBySignal = 4;
    private const int LongestWaitMilliseconds = 20;

    private readonly byte[] events = new byte[MostEventsAtOnce * LibC.EpollEventSize];
    private readonly int epoll = Checked(LibC.EpollCreate(0));
    private IReadable?[] owners = new IReadable?[64];

    public void Watch(Socket socket, IReadable owner)
    {
        var descriptor = Descriptor(socket);
        if (descriptor >= owners.Length)
            Array.Resize(ref owners, Math.Max(descriptor + 1, owners.Length * 2));
        owners[descriptor] = owner;

        Span<byte> wanted = stackalloc byte[LibC.EpollEventSize];
        MemoryMarshal.Write(wanted, LibC.EpollIn);
        MemoryMarshal.Write(wanted[LibC.EpollDataOffset..], (ulong)descriptor);
        Checked(LibC.EpollControl(epoll, LibC.EpollCtlAdd, descriptor, ref wanted[0]));
    }

    /// <summary>To be called before the socket is closed: the descriptor's number is used again.</summary>
    public void Forget(Socket socket)
    {
        var descriptor = Descriptor(socket);
        owners[descriptor] = null;
        Span<byte> ignored = stackalloc byte[LibC.EpollEventSize];
        Checked(LibC.EpollControl(epoll, LibC.EpollCtlDelete, descriptor, ref ignored[0]));
    }

    /// <summary>Serves the sockets until <paramref name="done"/>; false when <paramref name="limit"/> passed before.</summary>
    public bool RunUntil(Func<bool> done, TimeSpan limit, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (!done())
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(start) > limit)
                return false;
            RunOnce();
        }

        return true;
    }

    public void Dispose() => _ = LibC.Close(epoll);

    private void RunOnce()
    {
        var ready = LibC.EpollWait(epoll, ref events[0], MostEventsAtOnce, LongestWaitMilliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() == InterruptedBySignal)
            return;
        Checked(ready);
        for (var i = 0; i < ready; i++)
        {
            var data = events.AsSpan(i * LibC.EpollEventSize + LibC.EpollDataOffset);
            owners[(int)MemoryMarshal.Read<ulong>(data)]?.OnReadable();
        }
    }

    private static int Descriptor(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());
}
