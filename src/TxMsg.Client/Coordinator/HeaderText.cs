using System.Buffers;

namespace TxMsg.Client.Coordinator;

/// <summary>What may stand in a message's own headers.</summary>
internal static class HeaderText
{
    public const int MaxNameLength = 64;
    public const int MaxValueLength = 2048;

    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> Visible = SearchValues.Create(['\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    public static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && !name.AsSpan().ContainsAnyExcept(Token);

    public static bool IsValue(string value) =>
        value.Length <= MaxValueLength && !value.AsSpan().ContainsAnyExcept(Visible) && value.Trim(' ', '\t').Length == value.Length;
}
