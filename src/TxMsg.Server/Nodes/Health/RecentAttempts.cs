using System.Globalization;

namespace TxMsg.Server.Nodes.Health;

/// <summary>Attempts and failures of the last hour in slots of five minutes. In the store: <c>slot:attempts:failures,...</c></summary>
public sealed class RecentAttempts
{
    private const int Slots = 12;
    private const long SlotMilliseconds = 5 * 60_000;

    private readonly long[] slots = new long[Slots];
    private readonly long[] attempts = new long[Slots];
    private readonly long[] failures = new long[Slots];

    /// <summary>The slot of a time, in Unix milliseconds.</summary>
    public static long SlotOf(long milliseconds) => milliseconds / SlotMilliseconds;

    /// <summary>Adds to a slot; what stood in its place was an hour older.</summary>
    public void Add(long slot, long newAttempts, long newFailures)
    {
        var i = (int)(slot % Slots);
        if (slots[i] != slot) (slots[i], attempts[i], failures[i]) = (slot, 0, 0);
        attempts[i] += newAttempts;
        failures[i] += newFailures;
    }

    /// <summary>Adds the slots of a text of the store that are of the last hour.</summary>
    public void Add(ReadOnlySpan<char> stored, long now)
    {
        Span<Range> parts = stackalloc Range[4];
        foreach (var range in stored.Split(','))
        {
            var text = stored[range];
            if (text.Split(parts, ':') != 3) continue;
            var slot = Number(text[parts[0]]);
            // One from the future is of a node whose clock is ahead.
            if (IsRecent(slot, now)) Add(Math.Min(slot, SlotOf(now)), Number(text[parts[1]]), Number(text[parts[2]]));
        }
    }

    /// <summary>The sums of the last hour.</summary>
    public (long Attempts, long Failures) Sum(long now)
    {
        var (sum, failed) = (0L, 0L);
        for (var i = 0; i < Slots; i++)
        {
            if (!IsRecent(slots[i], now)) continue;
            sum += attempts[i];
            failed += failures[i];
        }

        return (sum, failed);
    }

    /// <summary>As it stands in the store; null where there were no attempts.</summary>
    public string? Format(long now)
    {
        var parts = Enumerable.Range(0, Slots).Where(i => attempts[i] > 0 && IsRecent(slots[i], now)).OrderBy(i => slots[i])
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{slots[i]}:{attempts[i]}:{failures[i]}"));
        var text = string.Join(',', parts);
        return text.Length == 0 ? null : text;
    }

    private static bool IsRecent(long slot, long now) => slot > SlotOf(now) - Slots;

    private static long Number(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
