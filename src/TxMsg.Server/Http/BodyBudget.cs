namespace TxMsg.Server.Http;

/// <summary>How much memory the bodies of large requests may hold at once: thirty callers with a batch of 32 MiB each must be told to
/// come again, not end the process. Small bodies, which hold little, are never made to wait for it.</summary>
public sealed class BodyBudget(long total)
{
    private const long SmallBody = 1024 * 1024;
    private const long LeastTotal = 32 * 1024 * 1024;

    // A body is held twice while it is put together, and its rows once more until they are written.
    private const int ShareOfMemory = 8;

    private long taken;

    /// <summary>That of this process: a share of the memory it may have, container limits included.</summary>
    public static BodyBudget Shared { get; } = new(Math.Max(LeastTotal, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory));

    /// <summary>What a small body is given.</summary>
    public static IDisposable NoneNeeded { get; } = new Room(Shared, 0);

    /// <summary>Room for a body until the result is disposed of, or null when there is none. The largest one always finds room when it is alone.</summary>
    public IDisposable? TryTake(long bytes)
    {
        if (bytes <= SmallBody) return NoneNeeded;
        var wanted = Math.Min(bytes, total);
        if (Interlocked.Add(ref taken, wanted) <= total) return new Room(this, wanted);
        Interlocked.Add(ref taken, -wanted);
        return null;
    }

    private sealed class Room(BodyBudget budget, long bytes) : IDisposable
    {
        private long held = bytes;

        public void Dispose() => Interlocked.Add(ref budget.taken, -Interlocked.Exchange(ref held, 0));
    }
}
