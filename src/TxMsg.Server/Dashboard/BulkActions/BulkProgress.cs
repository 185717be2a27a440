using TxMsg.Server.BulkActions;
using TxMsg.Server.Dashboard.Parts;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Dashboard.BulkActions;

/// <summary>How far a bulk action is.</summary>
internal sealed class BulkProgress(BulkActionRow row)
{
    // Until then the rate that it was asked for tells more than the one that was measured.
    private static readonly TimeSpan ShortestMeasurement = TimeSpan.FromSeconds(5);

    private readonly long examined = row.Done + row.Skipped + row.Failed;

    /// <summary>How many were there when it was asked for and were not met: somebody else was quicker.</summary>
    public long Gone => row.ActionState == BulkActionState.Finished && row.TotalIsExact != 0 ? Math.Max(0, row.Total - examined) : 0;

    /// <summary>The bar; full at the end, even if there was less to do than it seemed.</summary>
    public Html Bar(PageRequest request)
    {
        var isDone = row.ActionState == BulkActionState.Finished;
        var most = Math.Max(1, Math.Max(row.Total, examined));
        return Html.Of($"""<progress class="txmsg-progress" max="{most}" value="{(isDone ? most : examined)}" aria-label="{request.Texts["Bulk_Progress"]}">{Percent}</progress>""");
    }

    /// <summary>The same in numbers: 17 of 40, or of at least so many.</summary>
    public Html InNumbers(PageRequest request) =>
        Html.Of($"""<span class="txmsg-soft">{request.Texts.Format(row.TotalIsExact != 0 ? "Bulk_Of" : "Bulk_OfAtLeast", examined, row.Total)}</span>""");

    /// <summary>When it will have ended, if it goes on as it does; null when nobody can tell.</summary>
    public DateTimeOffset? ExpectedEnd(DateTimeOffset now)
    {
        if (row.ActionState != BulkActionState.Running || row.StartedAt is not { } startedAt) return null;
        var elapsed = now - MessageRow.Time(startedAt);
        var measured = elapsed > ShortestMeasurement ? examined / elapsed.TotalSeconds : row.PerSecond;
        return measured <= 0 ? null : now.AddSeconds(Math.Min(Math.Max(0, row.Total - examined) / measured, TimeSpan.FromDays(365).TotalSeconds));
    }

    private string Percent => FormattableString.Invariant($"{100 * examined / Math.Max(1, row.Total)} %");
}
