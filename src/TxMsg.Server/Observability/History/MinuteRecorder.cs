namespace TxMsg.Server.Observability.History;

/// <summary>Makes minutes of the running totals. The rows have what was counted in the whole minute so far, so that writing one twice
/// changes nothing; what could not be written is kept for the next time.</summary>
public sealed class MinuteRecorder(RunningTotals totals, TimeProvider time)
{
    /// <summary>So many minutes with counts wait at the most; then the oldest is lost.</summary>
    public const int MostWaiting = 60;

    private const int MinutesRemembered = 10;
    private const long MinuteMilliseconds = 60_000;

    private readonly Lock gate = new();
    private readonly SortedDictionary<long, Minute> minutes = [];
    private long[] before = totals.Read();
    private long minuteAt = MinuteOf(time.GetUtcNow());

    /// <summary>The minute of a time, in Unix milliseconds.</summary>
    public static long MinuteOf(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / MinuteMilliseconds * MinuteMilliseconds;

    /// <summary>Puts what was counted since the last call into the minute in which that was: to be called as each minute ends.</summary>
    public void Take()
    {
        lock (gate)
        {
            var after = totals.Read();
            if (!minutes.TryGetValue(minuteAt, out var minute)) minute = new Minute();
            if (minute.Counts.AddDifference(before, after))
            {
                minute.Revision++;
                minutes[minuteAt] = minute;
            }

            before = after;
            minuteAt = MinuteOf(time.GetUtcNow());
            Forget();
        }
    }

    /// <summary>The rows that have changed since they were last confirmed.</summary>
    public IReadOnlyList<MinuteRow> ListChanged()
    {
        lock (gate)
            return minutes.Where(minute => minute.Value.IsChanged).Select(minute => MinuteRow.Of(minute.Key, minute.Value.Counts, minute.Value.Revision)).ToArray();
    }

    /// <summary>These are in the store.</summary>
    public void Confirm(IReadOnlyList<MinuteRow> rows)
    {
        lock (gate)
        {
            foreach (var row in rows)
                if (minutes.TryGetValue(row.MinuteAt, out var minute)) minute.Confirmed = row.Revision;
        }
    }

    // What is over and written stays for a while: a clock that is set back must not begin its minute anew.
    private void Forget()
    {
        var before = minuteAt - (MinutesRemembered * MinuteMilliseconds);
        foreach (var key in minutes.Where(minute => !minute.Value.IsChanged && minute.Key < before).Select(minute => minute.Key).ToArray()) minutes.Remove(key);
        while (minutes.Count > MostWaiting) minutes.Remove(minutes.Keys.First());
    }

    private sealed class Minute
    {
        public MinuteCounts Counts { get; } = new();

        public int Revision { get; set; }

        public int Confirmed { get; set; }

        public bool IsChanged => Revision != Confirmed;
    }
}
