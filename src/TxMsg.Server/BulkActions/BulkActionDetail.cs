using System.Globalization;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Audit;

namespace TxMsg.Server.BulkActions;

/// <summary>What the audit keeps of a bulk action beside who and why: its row is gone after a month, and was never in the audit's columns.</summary>
internal static class BulkActionDetail
{
    /// <summary>Which one.</summary>
    public static string? Of(Guid id) => AuditDetail.Of(("bulkAction", id.ToString()));

    /// <summary>Which one, how many that was, and what was asked for. Subscription and producer have columns of their own; of ids, their number tells enough.</summary>
    public static string? Of(Guid id, BulkActionFilter filter, (long Count, bool IsExact) total) => AuditDetail.Of(
        ("bulkAction", id.ToString()),
        ("total", string.Create(CultureInfo.InvariantCulture, $"{(total.IsExact ? "" : "at least ")}{total.Count}")),
        ("messageIds", filter.MessageIds?.Count.ToString(CultureInfo.InvariantCulture)),
        ("state", filter.State),
        ("topic", filter.Topic),
        ("olderThanSeconds", filter.OlderThanSeconds?.ToString(CultureInfo.InvariantCulture)),
        ("lastStatus", filter.LastStatus?.ToString(CultureInfo.InvariantCulture)),
        ("error", filter.Error),
        ("deadLetteredAfter", Utc(filter.DeadLetteredAfter)),
        ("deadLetteredBefore", Utc(filter.DeadLetteredBefore)));

    private static string? Utc(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
