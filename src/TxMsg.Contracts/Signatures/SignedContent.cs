using System.Buffers;
using System.Globalization;
using System.Text;

namespace TxMsg.Contracts.Signatures;

/// <summary>What a signature is made over: <c>{id}.{unix seconds}.{body}</c>.</summary>
internal static class SignedContent
{
    private const int MaxTimestampLength = 20;

    // 9999-12-31: the last second that DateTimeOffset holds
    private const long MaxUnixSeconds = 253_402_300_799;

    // with a full stop in the id, one signature would fit two different requests
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create(Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(c => (char)c).Where(c => c != '.').ToArray());

    public static bool IsValidId(string? id) => !string.IsNullOrEmpty(id) && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>Digits only, and spelled as the signer spells them: the number, not its text, goes into the check.</summary>
    public static bool TryReadTimestamp(string text, out long unixSeconds) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out unixSeconds)
        && unixSeconds <= MaxUnixSeconds
        && (text[0] != '0' || text.Length == 1);

    /// <summary>Never less than <see cref="Write"/> needs.</summary>
    public static int Length(string id, ReadOnlySpan<byte> body) => checked(id.Length + MaxTimestampLength + 2 + body.Length);

    public static int Write(Span<byte> buffer, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var position = Encoding.ASCII.GetBytes(id, buffer);
        buffer[position++] = (byte)'.';
        unixSeconds.TryFormat(buffer[position..], out var digits, default, CultureInfo.InvariantCulture);
        position += digits;
        buffer[position++] = (byte)'.';
        body.CopyTo(buffer[position..]);
        return position + body.Length;
    }
}
