using System.Buffers;
using System.Globalization;
using System.Text;

namespace TxMsg.Contracts;

/// <summary>How an attribute of a CloudEvent stands in a header of its HTTP binding.</summary>
public static class EventAttribute
{
    // '!' to '~' without the two that the binding has escaped.
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c is not ('"' or '%'))]);

    /// <summary>The attribute as it is sent: everything but visible ASCII, and the space, <c>"</c> and <c>%</c>, is percent-encoded as UTF-8.
    /// The result is always a safe header value.</summary>
    public static string Encode(string value)
    {
        var plain = value.AsSpan().IndexOfAnyExcept(Plain);
        if (plain < 0)
        {
            return value;
        }

        var encoded = new StringBuilder(value, 0, plain, value.Length + 32);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in value.AsSpan(plain).EnumerateRunes())
        {
            if (rune.IsBmp && Plain.Contains((char)rune.Value))
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return encoded.ToString();
    }
}
