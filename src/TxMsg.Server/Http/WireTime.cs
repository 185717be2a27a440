namespace TxMsg.Server.Http;

/// <summary>Times on the wire: ISO 8601 in UTC with milliseconds, which is what both stores keep.</summary>
public static class WireTime
{
    /// <summary>Characters of a time: <c>2026-01-31T12:00:00.000Z</c>.</summary>
    public const int Length = 24;

    // Round-trip times have seven digits of a second and then Z.
    private const int RoundTripLength = 28;

    /// <summary>The time as it stands on the wire.</summary>
    public static string Format(DateTimeOffset time) => string.Create(Length, time, static (text, time) => Write(time, text));

    /// <summary>Writes the time into <paramref name="text"/>, <see cref="Length"/> characters.</summary>
    /// <remarks>By the round-trip format, which is several times as fast as one of one's own, cut to milliseconds.</remarks>
    public static void Write(DateTimeOffset time, Span<char> text)
    {
        Span<char> roundTrip = stackalloc char[RoundTripLength];
        time.UtcDateTime.TryFormat(roundTrip, out _, "O", System.Globalization.CultureInfo.InvariantCulture);
        roundTrip[..(Length - 1)].CopyTo(text);
        text[Length - 1] = 'Z';
    }
}
