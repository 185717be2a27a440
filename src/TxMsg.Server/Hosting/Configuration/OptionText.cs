using System.Collections;
using System.Globalization;

namespace TxMsg.Server.Hosting.Configuration;

/// <summary>Values of the configuration as people write them.</summary>
internal static class OptionText
{
    public static string Of(object? value) => value switch
    {
        null => "",
        TimeSpan duration => Of(duration),
        string text => text,
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Of)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    // 00:00:00.1000000 is 00:00:00.1 to people
    private static string Of(TimeSpan duration)
    {
        var text = duration.ToString("c", CultureInfo.InvariantCulture);
        return duration.Ticks % TimeSpan.TicksPerSecond == 0 ? text : text.TrimEnd('0');
    }
}
