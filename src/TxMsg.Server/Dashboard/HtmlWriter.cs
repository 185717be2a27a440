using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace TxMsg.Server.Dashboard;

/// <summary>Puts values into markup: what stands in the source is markup, what is put in is text and is encoded.</summary>
[InterpolatedStringHandler]
public readonly ref struct HtmlWriter
{
    // Letters of all languages stay readable; what has a meaning in markup is encoded.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder content;

    /// <summary>Begins; called by the compiler.</summary>
    public HtmlWriter(int literalLength, int formattedCount) => content = new StringBuilder(literalLength + (formattedCount * 16));

    /// <summary>What stands in the source.</summary>
    public void AppendLiteral(string markup) => content.Append(markup);

    /// <summary>Text.</summary>
    public void AppendFormatted(string? text) => content.Append(text is null ? "" : Encoder.Encode(text));

    /// <summary>Markup.</summary>
    public void AppendFormatted(Html markup) => content.Append(markup.ToString());

    /// <summary>A number or another value, written the same everywhere.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>A number that may be missing.</summary>
    public void AppendFormatted<T>(T? value, string? format = null)
        where T : struct, IFormattable => AppendFormatted(value?.ToString(format, CultureInfo.InvariantCulture));

    internal string ToStringAndClear() => content.ToString();
}
