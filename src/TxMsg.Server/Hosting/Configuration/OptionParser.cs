using System.Globalization;

namespace TxMsg.Server.Hosting.Configuration;

/// <summary>Reads one value of the configuration.</summary>
internal static class OptionParser
{
    /// <summary>Whether values of this type stand in one text.</summary>
    public static bool IsScalar(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum || plain == typeof(string) || plain == typeof(bool) || plain == typeof(int)
            || plain == typeof(long) || plain == typeof(double) || plain == typeof(TimeSpan);
    }

    /// <summary>The value; or false and in <paramref name="expected"/> what it must be.</summary>
    public static bool TryParse(string text, Type type, out object? value, out string expected)
    {
        var plain = Nullable.GetUnderlyingType(type);
        // An empty text is how an environment variable says "not set"; a duration without end is called that.
        if (plain is not null && (text.Length == 0 || (plain == typeof(TimeSpan) && text.Equals("never", StringComparison.OrdinalIgnoreCase))))
        {
            (value, expected) = (null, "");
            return true;
        }

        value = Parse(text, plain ?? type, out expected);
        return value is not null;
    }

    private static object? Parse(string text, Type type, out string expected)
    {
        expected = Expected(type);
        if (type == typeof(string)) return text;
        if (type.IsEnum) return Array.Find(Enum.GetNames(type), name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found ? Enum.Parse(type, found) : null;
        if (type == typeof(bool)) return bool.TryParse(text, out var flag) ? flag : null;
        if (type == typeof(int)) return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
        if (type == typeof(long)) return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
        if (type == typeof(double)) return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
        if (type == typeof(TimeSpan)) return IsDuration(text) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) ? duration : null;
        throw new NotSupportedException($"Options cannot have values of {type}.");
    }

    // A parser takes 30 for days, and 72:00:00 too: who writes that means seconds, or hours.
    private static bool IsDuration(string text)
    {
        var parts = text.Split(':');
        return parts.Length > 1 && (parts[0].Contains('.', StringComparison.Ordinal) || !int.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var hours) || hours < 24);
    }

    private static string Expected(Type type) => type switch
    {
        { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type)),
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(TimeSpan) => "a duration such as 00:00:30 or, with days, 3.00:00:00",
        _ => "text",
    };
}
