using System.Text.Json;

namespace TxMsg.Server.Dashboard.Overview;

/// <summary>Charts of the last hour, or of the last day: what came and went each minute, and how long deliveries took.</summary>
internal static class OverviewCharts
{
    private const int Hour = 60;
    private const int Day = 1440;

    /// <summary>The places of the charts; the script draws them from the history that the API gives.</summary>
    public static Html Of(PageRequest request)
    {
        var minutes = request.Value("range") == "day" ? Day : Hour;
        return Html.Of($"""
            <h2>{request.Texts["Overview_Charts"]} <small>{Range(request, Hour, minutes)} {Range(request, Day, minutes)}</small></h2>
            <div class="row">
            {Chart(request, "messages", minutes, [("prepared", "under-way"), ("committed", "good"), ("rolledBack", "over")])}
            {Chart(request, "deliveries", minutes, [("delivered", "good"), ("failed", "bad")])}
            {Chart(request, "latency", minutes, [("commitToDeliveredP50Seconds", "under-way"), ("commitToDeliveredP99Seconds", "warn")])}
            </div>
            """);
    }

    private static Html Range(PageRequest request, int minutes, int current)
    {
        var text = request.Texts[minutes == Day ? "Overview_Day" : "Overview_Hour"];
        return minutes == current
            ? Html.Of($"""<span aria-current="true">{text}</span>""")
            : Html.Of($"""<a href="{request.Here(("range", minutes == Day ? "day" : null))}">{text}</a>""");
    }

    private static Html Chart(PageRequest request, string name, int minutes, (string Name, string Colour)[] series) => Html.Of($"""
        <figure class="col-lg-4"><figcaption>{request.Texts.Named("Chart", name)}</figcaption>
        <div class="txmsg-chart" id="chart-{name}" role="img" aria-label="{request.Texts.Named("Chart", name)}" data-chart="{request.Api($"/v1/stats/history?minutes={minutes}")}"
          data-refresh="10" data-series="{JsonSerializer.Serialize(series.Select(one => new { one.Name, Label = request.Texts.Named("Series", one.Name), one.Colour }), JsonSerializerOptions.Web)}"></div></figure>
        """);
}
