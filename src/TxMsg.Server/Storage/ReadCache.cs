namespace TxMsg.Server.Storage;

/// <summary>Keeps what was read for a short while, and reads once for all who ask meanwhile: every open page asks again and again.</summary>
internal sealed class ReadCache<TKey, TValue>(TimeSpan keptFor, TimeProvider time)
    where TKey : notnull
{
    private const int MaxEntries = 256;

    private readonly Lock access = new();
    private readonly Dictionary<TKey, Entry> entries = [];

    /// <summary>What was read for this key not long ago, or what <paramref name="read"/> finds now.</summary>
    public Task<TValue> GetAsync(TKey key, Func<Task<TValue>> read, CancellationToken cancellationToken)
    {
        Task<TValue> reading;
        lock (access)
        {
            if (!entries.TryGetValue(key, out var entry) || IsStale(entry))
            {
                if (entries.Count >= MaxEntries) entries.Clear();
                // On a thread of the pool: the embedded store reads synchronously. Not cancelled by the first of those who wait.
                entry = new Entry(Task.Run(read, CancellationToken.None), time.GetTimestamp());
                entries[key] = entry;
            }

            reading = entry.Reading;
        }

        return reading.WaitAsync(cancellationToken);
    }

    private bool IsStale(Entry entry) => entry.Reading.IsFaulted || entry.Reading.IsCanceled
        || (entry.Reading.IsCompleted && time.GetElapsedTime(entry.Began) >= keptFor);

    private sealed record Entry(Task<TValue> Reading, long Began);
}
