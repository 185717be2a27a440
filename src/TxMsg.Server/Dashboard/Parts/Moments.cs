using System.Globalization;

namespace TxMsg.Server.Dashboard.Parts;

/// <summary>Times and durations as people read them.</summary>
internal static class Moments
{
    /// <summary>A time in UTC; the script shows it in the reader's time zone.</summary>
    public static Html At(DateTimeOffset? time) => time is not { } at
        ? Html.Of($"""<span class="txmsg-none">-</span>""")
        : Html.Of($"""<time datetime="{at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)}">{at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} UTC</time>""");

    /// <summary>A time with its age.</summary>
    public static Html AtAndAgo(PageRequest request, DateTimeOffset time) => Html.Of($"""{At(time)} <span class="txmsg-soft">{Ago(request, time)}</span>""");

    /// <summary>How long it takes or took: the two largest units, or the milliseconds.</summary>
    public static string Length(PageRequest request, TimeSpan length)
    {
        if (length < TimeSpan.FromSeconds(1)) return request.Texts.Format("Length_Milliseconds", Math.Round(length.TotalMilliseconds, length.TotalMilliseconds < 10 ? 1 : 0));
        if (length < TimeSpan.FromMinutes(1)) return request.Texts.Format("Length_Seconds", Math.Round(length.TotalSeconds, 1));
        if (length < TimeSpan.FromHours(1)) return request.Texts.Format("Length_Minutes", length.Minutes, length.Seconds);
        return length < TimeSpan.FromDays(1)
            ? request.Texts.Format("Length_Hours", length.Hours, length.Minutes)
            : request.Texts.Format("Length_Days", (int)length.TotalDays, length.Hours);
    }

    /// <summary>How long, given in seconds; nothing for null.</summary>
    public static string Length(PageRequest request, double? seconds) => seconds is { } value ? Length(request, TimeSpan.FromSeconds(value)) : "";

    /// <summary>How long ago; clocks of several nodes differ, so never in the future.</summary>
    public static string Ago(PageRequest request, DateTimeOffset time) =>
        request.Texts.Format("Length_Ago", Length(request, time < request.Now ? request.Now - time : TimeSpan.Zero));
}
