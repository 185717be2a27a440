namespace TxMsg.Server.Jobs;

/// <summary>Turns intervals into Hangfire's cron expressions.</summary>
public static class Intervals
{
    /// <summary>The expression that comes nearest without being slower: every n seconds, minutes or hours.</summary>
    public static string ToCron(TimeSpan interval)
    {
        if (interval < TimeSpan.FromMinutes(1)) return $"*/{Math.Max(1, (int)interval.TotalSeconds)} * * * * *";
        if (interval < TimeSpan.FromHours(1)) return $"*/{(int)interval.TotalMinutes} * * * *";
        return interval < TimeSpan.FromDays(1) ? $"0 */{(int)interval.TotalHours} * * *" : "0 0 * * *";
    }
}
