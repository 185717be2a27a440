using System.Diagnostics;

namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>What another transaction was found to hold, perhaps that of a node that stands still in the middle of it. Callers ask for it
/// again and again, and each wait for its lock would hold up everybody else's writes: so one of these rows is tried now and then, and
/// whoever needs another one is told at once.</summary>
internal sealed class BlockedRows
{
    // Rows that nobody asks for any more are forgotten.
    private const int Many = 10_000;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly Dictionary<object, long> triedAt = [];
    private long lastTriedAt;

    /// <summary>From one that was still held to the next try: a fifth of the time may go to waits for them.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether one may be tried.</summary>
    public bool MayTry => Stopwatch.GetElapsedTime(lastTriedAt) >= Pause;

    /// <summary>What was in the way last.</summary>
    public Exception? LastFault { get; private set; }

    /// <summary>Takes out of a batch what needs such a row, the one that has not been tried for longest first.</summary>
    public List<WriteOperation> TakeFrom(List<WriteOperation> batch)
    {
        if (triedAt.Count == 0) return [];
        var taken = batch.FindAll(IsIn);
        if (taken.Count > 0) batch.RemoveAll(IsIn);
        taken.Sort((one, other) => triedAt[one.Row!].CompareTo(triedAt[other.Row!]));
        return taken;
    }

    /// <summary>Another transaction holds what the operation needs.</summary>
    public void Add(WriteOperation operation, Exception fault)
    {
        lastTriedAt = Stopwatch.GetTimestamp();
        LastFault = fault;
        if (operation.Row is not { } row) return;
        if (triedAt.Count >= Many) ForgetOld();
        if (triedAt.Count < Many) triedAt[row] = lastTriedAt;
    }

    /// <summary>The operation was written.</summary>
    public void Remove(WriteOperation operation)
    {
        if (triedAt.Count > 0 && operation.Row is { } row) triedAt.Remove(row);
    }

    private bool IsIn(WriteOperation operation) => operation.Row is { } row && triedAt.ContainsKey(row);

    private void ForgetOld()
    {
        foreach (var (row, at) in triedAt)
            if (Stopwatch.GetElapsedTime(at) > Long) triedAt.Remove(row);
    }
}
