namespace TxMsg.Server.Storage;

/// <summary>Shared reads of the same kind, one for each thing that is asked for. Pages ask for a few; whoever tries them all begins anew
/// and holds no memory.</summary>
internal sealed class SharedReads<TKey, T>(Func<TKey, Task<T>> read, Func<TKey, TimeSpan> keptFor, int mostKept, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, SharedRead<T>> reads = [];

    /// <summary>What was read for this key not long ago, or is being read.</summary>
    public Task<T> GetAsync(TKey key, CancellationToken cancellationToken) => Of(key).GetAsync(cancellationToken);

    private SharedRead<T> Of(TKey key)
    {
        lock (gate)
        {
            if (reads.TryGetValue(key, out var known)) return known;
            if (reads.Count >= mostKept) reads.Clear();
            return reads[key] = new SharedRead<T>(() => read(key), keptFor(key), time);
        }
    }
}
