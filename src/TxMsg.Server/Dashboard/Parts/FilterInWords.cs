using System.Globalization;
using TxMsg.Contracts.Operations;

namespace TxMsg.Server.Dashboard.Parts;

/// <summary>What a bulk action is about, in words.</summary>
internal static class FilterInWords
{
    /// <summary>A line for each thing that is asked for.</summary>
    public static string Of(PageRequest request, BulkActionFilter filter) => string.Join('\n', Parts(request, filter));

    private static IEnumerable<string> Parts(PageRequest request, BulkActionFilter filter)
    {
        var texts = request.Texts;
        if (filter.Subscription is { } subscription) yield return $"{texts["Delivery_Subscription"]}: {subscription}";
        if (filter.MessageIds is { } ids) yield return texts.Format("Bulk_Ids", ids.Count);
        if (filter.State is { } state) yield return $"{texts["Message_State"]}: {States.Name(request, state)}";
        if (filter.Producer is { } producer) yield return $"{texts["Message_Producer"]}: {producer}";
        if (filter.Topic is { } topic) yield return $"{texts["Message_Topic"]}: {topic}";
        if (filter.OlderThanSeconds is { } age) yield return $"{texts["Bulk_OlderThan"]}: {Moments.Length(request, age)}";
        if (filter.LastStatus is { } status) yield return string.Create(CultureInfo.InvariantCulture, $"{texts["Event_Status"]}: {status}");
        if (filter.Error is { } error) yield return $"{texts["Event_Error"]}: {error}";
        if (filter.DeadLetteredAfter is { } after) yield return $"{texts["Bulk_Since"]}: {Utc(after)}";
        if (filter.DeadLetteredBefore is { } before) yield return $"{texts["Bulk_Before"]}: {Utc(before)}";
        if (filter == new BulkActionFilter()) yield return texts["Bulk_Undecided"];
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);
}
