using System.Globalization;
using System.Net.Http.Headers;

namespace TxMsg.Server.Webhooks;

/// <summary>Reads <c>Retry-After</c>: seconds, or an HTTP date.</summary>
internal static class RetryAfter
{
    /// <summary>Nobody may hold deliveries back for longer with one header.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromHours(1);

    /// <summary>Zero to <see cref="Max"/> from <paramref name="now"/>; null for nonsense.</summary>
    public static TimeSpan? Parse(string? text, DateTimeOffset now)
    {
        var value = text.AsSpan().Trim();
        if (IsNumber(value))
        {
            return value[0] == '-' ? TimeSpan.Zero
                : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    ? TimeSpan.FromSeconds(Math.Min(seconds, (long)Max.TotalSeconds))
                    : Max;
        }

        if (!RetryConditionHeaderValue.TryParse(text, out var condition) || condition.Date is not { } date)
        {
            return null;
        }

        var wait = date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Max ? Max : wait;
    }

    private static bool IsNumber(ReadOnlySpan<char> value)
    {
        var digits = value.StartsWith('-') ? value[1..] : value;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9');
    }
}
