using System.Collections.Concurrent;

namespace TxMsg.Server.Transactions;

/// <summary>The content of half messages that this node prepared lately, so that a commit need not read it back.
/// Two generations of at most half the bound each: what is not asked for in time is dropped with the older one.</summary>
public sealed class HalfMessageCache
{
    private const long BytesPerGeneration = 16 * 1024 * 1024;

    private readonly Lock turning = new();
    private ConcurrentDictionary<Guid, PrepareOperation> young = new();
    private ConcurrentDictionary<Guid, PrepareOperation> old = new();
    private long youngBytes;

    /// <summary>Keeps a half message that is durable.</summary>
    public void Add(PrepareOperation prepared)
    {
        // In place of one that was decided elsewhere and purged, if its producer uses the id again.
        young[prepared.Message.Id] = prepared;
        if (Interlocked.Add(ref youngBytes, prepared.Size) > BytesPerGeneration) Turn();
    }

    /// <summary>Takes a half message out, if it is still kept.</summary>
    public PrepareOperation? Take(Guid id) => young.TryRemove(id, out var prepared) || old.TryRemove(id, out prepared) ? prepared : null;

    private void Turn()
    {
        lock (turning)
        {
            if (Interlocked.Read(ref youngBytes) <= BytesPerGeneration) return;
            old = young;
            young = new ConcurrentDictionary<Guid, PrepareOperation>();
            Interlocked.Exchange(ref youngBytes, 0);
        }
    }
}
