using System.Buffers;
using System.Globalization;
using System.Text;

namespace TxMsg.Client.Testing;

/// <summary>What may stand in the headers of a delivery, and how it stands there.</summary>
internal static class HeaderText
{
    public const int MaxNameLength = 64;
    public const int MaxValueLength = 2048;

    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> Visible = SearchValues.Create(['\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Except("\"%")]);

    public static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && !name.AsSpan().ContainsAnyExcept(Token);

    public static bool IsValue(string value) =>
        value.Length <= MaxValueLength && !value.AsSpan().ContainsAnyExcept(Visible) && value.Trim(' ', '\t').Length == value.Length;

    /// <summary>A CloudEvents attribute as its HTTP binding writes it.</summary>
    public static string Encode(string value)
    {
        var encoded = new StringBuilder(value.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.IsAscii && Plain.Contains((char)rune.Value))
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)]) encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return encoded.ToString();
    }
}
