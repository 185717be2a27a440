namespace TxMsg.Server.Http;

/// <summary>How much memory the bodies of large requests may hold at once: thirty callers with a batch of 32 MiB each must be told to
/// come again, not end the process. Small bodies, which hold little, are never made to wait for it.</summary>
public sealed class BodyBudget(long total)
{
    /// <summary>Longest body that needs no room, in bytes.</summary>
    public const long SmallBody = 1024 * 1024;

    private const long LeastTotal = 32 * 1024 * 1024;

    // A body is held twice while it is put together, and its rows once more until they are written.
    private const int ShareOfMemory = 8;

    private readonly long total = total;
    private long taken;

    /// <summary>That of this process: a share of the memory it may have, container limits included.</summary>
    public static BodyBudget Shared { get; } = new(Math.Max(LeastTotal, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory));

    /// <summary>Room for a body until the result is disposed of, or null when there is none. The largest one always finds room when it is alone.</summary>
    public Room? TryTake(long bytes)
    {
        var room = new Room(this);
        return room.TryGrow(bytes) ? room : null;
    }

    /// <summary>What one body was given. For one thread at a time.</summary>
    public sealed class Room : IDisposable
    {
        private readonly BodyBudget budget;
        private long held;

        internal Room(BodyBudget budget) => this.budget = budget;

        /// <summary>Makes it large enough for so many bytes; false, and as large as before, when there is no more.</summary>
        public bool TryGrow(long bytes)
        {
            var wanted = bytes <= SmallBody ? 0 : Math.Min(bytes, budget.total);
            var more = wanted - held;
            if (Interlocked.Add(ref budget.taken, more) > budget.total)
            {
                Interlocked.Add(ref budget.taken, -more);
                return false;
            }

            held = wanted;
            return true;
        }

        /// <inheritdoc/>
        public void Dispose() => Interlocked.Add(ref budget.taken, -Interlocked.Exchange(ref held, 0));
    }
}
