using System.Collections.Concurrent;

namespace TxMsg.Server.Transactions;

/// <summary>The content of half messages that this node prepared lately, so that a commit need not read it back.
/// Two generations of at most half the bound each: what is not asked for in time is dropped with the older one.</summary>
public sealed class HalfMessageCache
{
    private const long BytesPerGeneration = 16 * 1024 * 1024;

    private readonly Lock turning = new();
    private ConcurrentDictionary<Guid, NewMessage> young = new();
    private ConcurrentDictionary<Guid, NewMessage> old = new();
    private long youngBytes;

    /// <summary>Keeps a half message that is durable.</summary>
    public void Add(NewMessage message)
    {
        if (!young.TryAdd(message.Id, message)) return;
        if (Interlocked.Add(ref youngBytes, message.Content.Size + 512) > BytesPerGeneration) Turn();
    }

    /// <summary>Takes a half message out, if it is still kept.</summary>
    public NewMessage? Take(Guid id) => young.TryRemove(id, out var message) || old.TryRemove(id, out message) ? message : null;

    private void Turn()
    {
        lock (turning)
        {
            if (Interlocked.Read(ref youngBytes) <= BytesPerGeneration) return;
            old = young;
            young = new ConcurrentDictionary<Guid, NewMessage>();
            Interlocked.Exchange(ref youngBytes, 0);
        }
    }
}
