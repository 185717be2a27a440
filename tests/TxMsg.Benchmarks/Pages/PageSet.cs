using System.Text.Json;

namespace TxMsg.Benchmarks.Pages;

/// <summary>Every page of the dashboard with the questions that people ask there, the hard ones included.</summary>
internal static class PageSet
{
    public static IReadOnlyList<(string Name, string Path)> Of(HttpClient http)
    {
        var oldest = First(http, "/v1/messages?key=order-4");
        var deadLetter = First(http, "/v1/dead-letters?limit=1", "messageId");
        var dying = First(http, "/v1/dead-letters?limit=1", "subscription");
        return
        [
            ("overview", ""),
            ("messages", "/messages"),
            ("messages by id", $"/messages?id={oldest}"),
            ("messages by key", "/messages?key=order-77777"),
            ("messages by topic", "/messages?topic=topic-3"),
            ("messages by a topic that is rare", "/messages?topic=rare"),
            ("messages by a topic that is not there", "/messages?topic=nowhere"),
            ("messages by producer and state", "/messages?producer=producer-3&state=committed"),
            ("messages by tag", "/messages?tag=tag-4"),
            ("messages, parked", "/messages?state=parked"),
            ("messages, prepared", "/messages?state=prepared"),
            ("messages, rolled back", "/messages?state=rolledBack"),
            ("messages of an hour", $"/messages?topic=topic-3&from={Ago(49)}&to={Ago(48)}"),
            ("messages, a page in the middle", $"/messages?to={Ago(80)}"),
            ("message", $"/messages/{oldest}"),
            ("message, a dead letter", $"/messages/{deadLetter}"),
            ("undecided", "/undecided"),
            ("undecided of a producer, parked", "/undecided?producer=producer-3&state=parked"),
            ("undecided, older than a day", "/undecided?olderThanSeconds=86400"),
            ("dead letters, groups", "/dead-letters"),
            ("dead letters of a subscription", $"/dead-letters?subscription={dying}"),
            ("dead letters of a group", $"/dead-letters?subscription={dying}&status=503&error={Uri.EscapeDataString("the receiver answered 503")}"),
            ("dead letters of a group that is not there", $"/dead-letters?subscription={dying}&error=nothing"),
            ("bulk actions", "/bulk-actions"),
            ("producers", "/producers"),
            ("producer", "/producers/producer-3"),
            ("subscriptions", "/subscriptions"),
            ("subscription", "/subscriptions/subscription-3"),
            ("audit", "/audit"),
            ("audit by action", "/audit?action=discard"),
            ("audit by actor and subscription", "/audit?actor=admin&subscription=subscription-4"),
            ("audit by a subscription and what never happened", "/audit?subscription=subscription-4&action=deleteSubscription"),
            ("audit of a message", $"/audit?message={oldest}"),
        ];
    }

    private static string Ago(int hours) => Uri.EscapeDataString(DateTimeOffset.UtcNow.AddHours(-hours).ToString("yyyy-MM-ddTHH:mm:ssZ"));

    private static string First(HttpClient http, string path, string property = "id")
    {
        using var answer = JsonDocument.Parse(http.GetStringAsync(path).GetAwaiter().GetResult());
        return answer.RootElement.GetProperty("items")[0].GetProperty(property).GetString()!;
    }
}
