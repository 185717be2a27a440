using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using TxMsg.Contracts;

namespace TxMsg.Client.Consuming;

/// <summary>The headers of a request that say something about its event. Of those none may come twice: which of two is meant?</summary>
internal sealed class EventHeaders
{
    private const string AttributePrefix = "ce-";
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    public EventHeaders(IEnumerable<KeyValuePair<string, string>> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (!Matters(name)) continue;
            if (name.StartsWith(HeaderNames.OwnHeaderPrefix, StringComparison.OrdinalIgnoreCase))
            {
                HasRepeated |= !Own.TryAdd(name[HeaderNames.OwnHeaderPrefix.Length..], value);
            }
            else
            {
                HasRepeated |= !values.TryAdd(name, value);
            }
        }
    }

    /// <summary>The message's own, without their prefix.</summary>
    public Dictionary<string, string> Own { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether one came twice.</summary>
    public bool HasRepeated { get; }

    /// <summary>A header as it came; null where it did not.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>An attribute as text, percent-decoded as the CloudEvents HTTP binding prescribes.</summary>
    /// <returns>False when it is there and cannot be read: encoded wrongly, empty, or with the control characters that the coordinator refuses, those of ASCII.</returns>
    public bool TryGetText(string name, out string? text)
    {
        text = null;
        return this[name] is not { } encoded || TryDecode(encoded, out text);
    }

    private static bool Matters(string name) =>
        name.StartsWith(AttributePrefix, StringComparison.OrdinalIgnoreCase)
        || name.StartsWith(HeaderNames.OwnHeaderPrefix, StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.TraceParent, StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-type", StringComparison.OrdinalIgnoreCase);

    private static bool TryDecode(string encoded, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var bytes = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var c = encoded[i];
            if (c is <= ' ' or '"' or > '~') return false;
            if (c != '%')
            {
                bytes[length++] = (byte)c;
                continue;
            }

            if (i + 2 >= encoded.Length || !byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length++])) return false;
            i += 2;
        }

        try
        {
            text = StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        return length > 0 && !text.Any(c => c is < ' ' or '\x7f');
    }
}
