namespace TxMsg.Server.Http;

/// <summary>Text in UTF-8 as others send it.</summary>
internal static class Utf8Text
{
    /// <summary>Whether it begins with a byte order mark, which some write before JSON and RFC 8259 lets a reader ignore.</summary>
    public static bool HasMark(ReadOnlySpan<byte> text) => text.StartsWith("\uFEFF"u8);

    /// <summary>What follows the mark, if there is one.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> text) => HasMark(text.Span) ? text[3..] : text;
}
