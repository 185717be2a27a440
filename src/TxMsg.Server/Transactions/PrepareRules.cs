using System.Text.Json;
using TxMsg.Server.Http;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Transactions;

/// <summary>What a message may be made of.</summary>
public static class PrepareRules
{
    /// <summary>Longest topic, key, tag and ordering key, in characters.</summary>
    public const int MaxTextLength = 256;

    /// <summary>Longest delay, in seconds: a year.</summary>
    public const double MaxDelaySeconds = 31_536_000;

    /// <summary>Latest first check-back, in seconds: 30 days.</summary>
    public const double MaxCheckBackAfterSeconds = 2_592_000;

    /// <summary>Notes what is wrong with a topic.</summary>
    public static void CheckTopic(string? topic, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(topic)) errors.Add("topic", "This field is required.");
        else CheckText("topic", topic, errors);
    }

    /// <summary>Notes what is wrong with a text that is searched by and sent in a header.</summary>
    public static void CheckText(string field, string? text, FieldErrors errors)
    {
        if (text is null) return;
        if (text.Length is 0 or > MaxTextLength) errors.Add(field, $"1 to {MaxTextLength} characters.");
        else if (text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f', StringComparison.Ordinal)) errors.Add(field, "Control characters are not allowed.");
    }

    /// <summary>Notes what is wrong with a content type.</summary>
    public static void CheckContentType(string? contentType, FieldErrors errors)
    {
        if (contentType is null) return;
        if (contentType.Length > MaxTextLength || !HeaderRules.IsValidValue(contentType) || !System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out _))
            errors.Add("contentType", "This is not a media type.");
    }

    /// <summary>Notes what is wrong with a duration.</summary>
    public static void CheckSeconds(string field, double? seconds, double min, double max, FieldErrors errors)
    {
        if (seconds is { } value && !(value >= min && value <= max)) errors.Add(field, $"A number from {min} to {max}.");
    }

    /// <summary>A string; or null after noting that it is not text that can be stored (a lone surrogate).</summary>
    internal static string? GetString(ref Utf8JsonReader json, string field, FieldErrors errors)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            errors.Add(field, "This is not well-formed Unicode.");
            return null;
        }
    }

    /// <summary>The bytes of a base64 string, or null when it is none.</summary>
    internal static byte[]? GetBase64(ref Utf8JsonReader json)
    {
        try
        {
            return json.TokenType == JsonTokenType.String && json.TryGetBytesFromBase64(out var bytes) ? bytes : null;
        }
        catch (InvalidOperationException)
        {
            // Escaped, and no text once unescaped.
            return null;
        }
    }

    /// <summary>The message's own headers as a JSON object, or null when there are none or they are wrong.</summary>
    internal static string? ReadHeaders(ref Utf8JsonReader json, FieldErrors errors)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            errors.Add("headers", "An object of strings is required.");
            json.Skip();
            return null;
        }

        var headers = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName) ReadHeader(ref json, headers, errors);
        if (headers.Count > HeaderRules.MaxHeaders) errors.Add("headers", $"At most {HeaderRules.MaxHeaders} headers.");
        return headers.Count == 0 ? null : JsonSerializer.Serialize(headers.ToDictionary(), WireJson.Default.DictionaryStringString);
    }

    private static void ReadHeader(ref Utf8JsonReader json, SortedDictionary<string, string> headers, FieldErrors errors)
    {
        var name = GetString(ref json, "headers", errors) ?? "";
        json.Read();
        var field = "headers." + (name.Length > 100 ? name[..100] : name);
        if (json.TokenType != JsonTokenType.String)
        {
            errors.Add(field, "A string is required.");
            json.Skip();
            return;
        }

        var value = GetString(ref json, field, errors);
        if (!HeaderRules.IsValidName(name)) errors.Add(field, $"A header's name has 1 to {HeaderRules.MaxNameLength} letters, digits or '-'.");
        else if (!HeaderRules.IsValidValue(value)) errors.Add(field, $"A header's value has at most {HeaderRules.MaxValueLength} visible ASCII characters.");
        else if (!headers.TryAdd(name, value!)) errors.Add(field, "This header is given twice.");
    }
}
