using System.Globalization;
using TxMsg.Contracts.Messages;
using TxMsg.Server.Dashboard.Parts;

namespace TxMsg.Server.Dashboard.Message;

/// <summary>A message's history, drawn as a line with a dot for each event.</summary>
internal static class TimelineView
{
    // A subscription that was redelivered again and again has thousands of attempts; the API has them all.
    private const int MaxEvents = 500;

    /// <summary>The timeline, oldest first; of a very long one, the newest events.</summary>
    public static Html Of(PageRequest request, Timeline timeline)
    {
        var left = Math.Max(0, timeline.Events.Count - MaxEvents);
        var start = timeline.Events.Count > 0 ? timeline.Events[0].At : default;
        return Html.Of($"""
            {Html.If(left > 0, () => Html.Of($"<p>{request.Texts.Format("Timeline_Left", left)}</p>"))}
            <ol class="txmsg-timeline">{Html.Each(timeline.Events.Skip(left), entry => Event(request, entry, start))}</ol>
            """);
    }

    private static Html Event(PageRequest request, TimelineEvent entry, DateTimeOffset start) => Html.Of($"""
        <li class="txmsg-event-{Colour(entry)}" data-kind="{entry.Kind}">
        <span class="txmsg-event-title">{Title(request, entry)}</span>{Moments.At(entry.At)}<span class="txmsg-since">+{Moments.Length(request, entry.At - start)}</span>
        <div class="txmsg-event-detail">{Detail(request, entry)}</div></li>
        """);

    private static string Title(PageRequest request, TimelineEvent entry) => entry.Kind switch
    {
        "checkBack" => request.Texts.Format("Event_checkBack", entry.Attempt ?? 0),
        "deliveryAttempt" => request.Texts.Format("Event_deliveryAttempt", entry.Attempt ?? 0, entry.Subscription ?? ""),
        "operatorAction" => request.Texts.Format("Event_operatorAction", request.Texts.Named("Audit", entry.Action)),
        "deadLettered" or "discarded" => request.Texts.Format("Event_" + entry.Kind, entry.Subscription ?? ""),
        _ => request.Texts["Event_" + entry.Kind],
    };

    private static Html Detail(PageRequest request, TimelineEvent entry) => Html.Join(new[]
    {
        Fact(request, "Event_Answer", entry.Answer is null ? null : request.Texts.Named("Answer", entry.Answer)),
        Fact(request, "Event_Outcome", entry.Outcome is null ? null : request.Texts.Named("Outcome", entry.Outcome)),
        Fact(request, "Event_Status", entry.Status?.ToString(CultureInfo.InvariantCulture)),
        Fact(request, "Event_Latency", entry.LatencySeconds is { } seconds ? Moments.Length(request, TimeSpan.FromSeconds(seconds)) : null),
        Fact(request, "Event_By", entry.By is null ? null : entry.Kind == "operatorAction" ? entry.By : request.Texts.Named("By", entry.By)),
        Fact(request, "Event_Url", entry.Url),
        Fact(request, "Event_Error", entry.Error),
        Fact(request, "Event_Reason", entry.Reason),
    });

    private static Html Fact(PageRequest request, string name, string? value) => Html.If(
        !string.IsNullOrEmpty(value), () => Html.Of($"""<span class="txmsg-soft">{request.Texts[name]}:</span> {Lists.Foreign(value, 1000)} """));

    private static string Colour(TimelineEvent entry) => entry.Kind switch
    {
        "committed" => "good",
        "deliveryAttempt" => entry.Outcome == "delivered" ? "good" : "bad",
        "checkBack" => entry.Answer is "unreachable" ? "bad" : "under-way",
        "deadLettered" or "parked" => "bad",
        "prepared" => "under-way",
        _ => "over",
    };
}
