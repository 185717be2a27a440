using System.Globalization;
using System.Net.Http.Headers;

namespace TxMsg.Client.Coordinator;

/// <summary>What a message may be made of: the coordinator's rules, in its words.</summary>
internal static class MessageRules
{
    /// <summary>Longest topic, key, tag and ordering key, in characters.</summary>
    public const int MaxTextLength = 256;

    private const int MaxHeaders = 32;
    private const double MaxDelaySeconds = 31_536_000;

    public static void Check(Message message, FieldErrors errors)
    {
        CheckHeaders(message.Headers, errors);
        CheckTopic(message.Topic, errors);
        CheckText("key", message.Key, errors);
        CheckText("tag", message.Tag, errors);
        CheckText("orderingKey", message.OrderingKey, errors);
        CheckContentType(message.ContentType, errors);
        CheckSeconds("delaySeconds", message.Delay?.TotalSeconds, 0, MaxDelaySeconds, errors);
    }

    public static void CheckTopic(string? topic, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(topic)) errors.Add("topic", "This field is required.");
        else CheckText("topic", topic, errors);
    }

    public static void CheckText(string field, string? text, FieldErrors errors)
    {
        if (text is null) return;
        if (text.Length is 0 or > MaxTextLength) errors.Add(field, $"1 to {MaxTextLength} characters.");
        else if (text.Any(c => c is < ' ' or '\x7f')) errors.Add(field, "Control characters are not allowed.");
    }

    public static void CheckSeconds(string field, double? seconds, double min, double max, FieldErrors errors) =>
        errors.AddIf(seconds is { } value && !(value >= min && value <= max), field, string.Create(CultureInfo.InvariantCulture, $"A number from {min} to {max}."));

    public static void CheckContentType(string? type, FieldErrors errors) => errors.AddIf(
        type is null || type.Length > MaxTextLength || !HeaderText.IsValue(type) || !MediaTypeHeaderValue.TryParse(type, out _), "contentType", "This is not a media type.");

    private static void CheckHeaders(IReadOnlyDictionary<string, string>? headers, FieldErrors errors)
    {
        if (headers is null) return;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            var field = "headers." + (name.Length > 100 ? name[..100] : name);
            if (value is null) errors.Add(field, "A string is required.");
            else if (!HeaderText.IsName(name)) errors.Add(field, $"A header's name has 1 to {HeaderText.MaxNameLength} letters, digits or '-'.");
            else if (!HeaderText.IsValue(value)) errors.Add(field, $"A header's value has at most {HeaderText.MaxValueLength} visible ASCII characters.");
            else if (!seen.Add(name)) errors.Add(field, "This header is given twice.");
        }

        errors.AddIf(seen.Count > MaxHeaders, "headers", $"At most {MaxHeaders} headers.");
    }
}
