using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TxMsg.Server.Dashboard.Parts;

namespace TxMsg.Server.Dashboard.Message;

/// <summary>A payload as text that nothing executes: formatted JSON, other text, or hexadecimal.</summary>
internal static class PayloadView
{
    private const int MaxShown = 64 * 1024;
    private const int BytesOfALine = 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The page encodes the text once more: here everything may stay readable.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The payload, its size, and how it is shown.</summary>
    public static Html Of(PageRequest request, byte[] payload)
    {
        var (form, text) = Read(payload);
        return Html.Of($"""
            <p class="txmsg-soft">{request.Texts.Format("Payload_Size", payload.Length)}, {request.Texts["Payload_" + form]}{Html.If(text.Length > MaxShown, () => Html.Of($". {request.Texts.Format("Payload_Cut", MaxShown)}"))}</p>
            <pre class="txmsg-payload" tabindex="0" role="region" aria-label="{request.Texts["Message_Payload"]}" data-form="{form}">{(text.Length > MaxShown ? text[..MaxShown] : text)}</pre>
            """);
    }

    internal static (string Form, string Text) Read(byte[] payload)
    {
        if (payload.Length == 0) return ("empty", "");
        if (AsText(payload) is not { } text) return ("hex", Hex(payload));
        return AsJson(payload) is { } json ? ("json", json) : ("text", text);
    }

    private static string? AsText(byte[] payload)
    {
        try
        {
            var text = Strict.GetString(payload);
            return text.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? AsJson(byte[] payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Never more lines than are shown.
    private static string Hex(byte[] payload)
    {
        var text = new StringBuilder();
        for (var start = 0; start < payload.Length && text.Length <= MaxShown; start += BytesOfALine)
        {
            var line = payload.AsSpan(start, Math.Min(BytesOfALine, payload.Length - start));
            text.Append(start.ToString("x8", CultureInfo.InvariantCulture)).Append("  ");
            for (var i = 0; i < BytesOfALine; i++) text.Append(i < line.Length ? line[i].ToString("x2", CultureInfo.InvariantCulture) : "  ").Append(' ');
            text.Append(' ');
            foreach (var value in line) text.Append(value is >= 0x20 and < 0x7f ? (char)value : '.');
            text.Append('\n');
        }

        return text.ToString();
    }
}
