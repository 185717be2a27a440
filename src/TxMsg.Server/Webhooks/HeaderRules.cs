using System.Buffers;

namespace TxMsg.Server.Webhooks;

/// <summary>What may stand in an outgoing header, so that no value from a producer ends a header and begins another.</summary>
public static class HeaderRules
{
    /// <summary>The most characters in the name of a message's own header.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The most characters in the value of a message's own header.</summary>
    public const int MaxValueLength = 2048;

    /// <summary>The most headers of its own a message may have.</summary>
    public const int MaxHeaders = 32;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> ValueCharacters =
        SearchValues.Create(['\t', .. Enumerable.Range(0x20, 0x7F - 0x20).Select(c => (char)c)]);

    /// <summary>True for an RFC 9110 token of 1 to <see cref="MaxNameLength"/> characters. Names that differ only in case are one header.</summary>
    public static bool IsValidName(string? name) => name is { Length: <= MaxNameLength } && IsToken(name);

    /// <summary>True for at most <see cref="MaxValueLength"/> visible ASCII characters, spaces and tabs; not at the ends,
    /// where receivers strip them.</summary>
    public static bool IsValidValue(string? value) => value is { Length: <= MaxValueLength } && IsSafe(value);

    internal static bool IsToken(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenCharacters);

    internal static bool IsSafe(string value) =>
        !value.AsSpan().ContainsAnyExcept(ValueCharacters) && (value.Length == 0 || (!IsBlank(value[0]) && !IsBlank(value[^1])));

    private static bool IsBlank(char c) => c is ' ' or '\t';
}
