using System.Runtime.InteropServices;

namespace TxMsg.Benchmarks.Sockets;

/// <summary>What the runtime does not offer: waiting for many sockets on one thread, flushing data without metadata,
/// and asking another process to stop.</summary>
internal static class LibC
{
    public const int EpollCtlAdd = 1;
    public const int EpollCtlDelete = 2;
    public const uint EpollIn = 1;
    public const int Terminate = 15;

    // struct epoll_event is packed on x86-64 only.
    public static readonly int EpollEventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    public static readonly int EpollDataOffset = EpollEventSize - sizeof(ulong);

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static extern int EpollCreate(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static extern int EpollControl(int epoll, int operation, int descriptor, ref byte epollEvent);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static extern int EpollWait(int epoll, ref byte events, int maxEvents, int timeoutMilliseconds);

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static extern int FlushData(int descriptor);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static extern int Signal(int processId, int signal);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    public static extern int Close(int descriptor);
}
