using TxMsg.Contracts.Operations;
using TxMsg.Server.Dashboard.Parts;

namespace TxMsg.Server.Dashboard.Overview;

/// <summary>What needs a person now.</summary>
internal static class OverviewAlerts
{
    private const int MaxShown = 20;

    /// <summary>The active alerts, each with a link to where it is mended; that all is well when there is none.</summary>
    public static Html Of(PageRequest request, IReadOnlyList<AlertResource> alerts) => alerts.Count == 0
        ? Html.Of($"""<p class="txmsg-well">{request.Texts["Overview_Well"]}</p>""")
        : Html.Of($"""
            <section aria-label="{request.Texts["Overview_Alerts"]}">
            {Html.Each(alerts.Take(MaxShown), alert => One(request, alert))}
            {Html.If(alerts.Count > MaxShown, () => Html.Of($"<p>{request.Texts.Format("Overview_MoreAlerts", alerts.Count - MaxShown)}</p>"))}
            </section>
            """);

    private static Html One(PageRequest request, AlertResource alert) => Html.Of($"""
        <div class="txmsg-alert"><strong>{request.Texts.Named("Alert", alert.Alert)}</strong> <a href="{request.Page(Place(alert))}">{alert.Subject}</a>:
        {alert.Count:N0}{Html.If(alert.AgeSeconds is not null, () => Html.Of($", {request.Texts.Format("Overview_OldestOf", Moments.Length(request, alert.AgeSeconds))}"))}
        <span class="txmsg-soft">{request.Texts["Overview_Since"]} {Moments.At(alert.RaisedAt)}</span></div>
        """);

    private static string Place(AlertResource alert)
    {
        var subject = Uri.EscapeDataString(alert.Subject);
        return alert.Alert switch
        {
            "parked" => $"/undecided?state=parked&producer={subject}",
            "oldestPrepared" => $"/undecided?producer={subject}",
            "deadLettered" => $"/dead-letters?subscription={subject}",
            _ => $"/subscriptions/{subject}",
        };
    }
}
