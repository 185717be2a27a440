using System.Globalization;

namespace TxMsg.Server.Http;

/// <summary>Reads values of a query string.</summary>
internal static class QueryText
{
    // .NET reads ten-millionths of a second; other platforms write billionths.
    private const int FractionDigits = 7;

    // "K" is a zone, or none: then it is UTC.
    private static readonly string[] Times = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <summary>The value of a parameter; null when there is none, or when it is given twice: then <paramref name="errors"/> says so.</summary>
    public static string? Find(IQueryCollection values, string name, FieldErrors errors)
    {
        var texts = values[name];
        if (texts.Count > 1) errors.Add(name, "This parameter is given twice.");
        return texts.Count == 1 && texts[0] is { Length: > 0 } text ? text : null;
    }

    /// <summary>The value of each of these parameters that is given. What is not one of them, and what is given twice, <paramref name="errors"/> names.</summary>
    public static IReadOnlyDictionary<string, string> ReadAll(IQueryCollection values, IReadOnlyCollection<string> known, FieldErrors errors)
    {
        // What is misspelt must not be taken for not given.
        foreach (var name in values.Keys.Except(known, StringComparer.Ordinal)) errors.Add(name, "This parameter is not known.");
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in known)
        {
            if (Find(values, name, errors) is { } text) found.Add(name, text);
        }

        return found;
    }

    /// <summary>A time in ISO 8601, in milliseconds; what is wrong with it, or null.</summary>
    public static string? ReadTime(string text, out long milliseconds)
    {
        var isTime = DateTimeOffset.TryParseExact(CutFraction(text), Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        milliseconds = isTime ? time.ToUnixTimeMilliseconds() : 0;
        return isTime ? null : "A time in ISO 8601 is required.";
    }

    private static string CutFraction(string text)
    {
        var begin = text.IndexOf('.', StringComparison.Ordinal) + 1;
        if (begin == 0) return text;
        var end = begin;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - begin > FractionDigits ? text.Remove(begin + FractionDigits, end - begin - FractionDigits) : text;
    }
}
