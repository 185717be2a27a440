using System.Globalization;
using TxMsg.Client.Consuming;
using TxMsg.Contracts;

namespace TxMsg.Client.Testing;

/// <summary>Makes of a delivery the signed request that the coordinator sends.</summary>
internal static class DeliveryComposer
{
    public static DeliveryRequest Compose(DeliveryEntry delivery, DateTimeOffset now) =>
        new([.. Headers(delivery, now)], delivery.Message.Content.Payload);

    private static IEnumerable<KeyValuePair<string, string>> Headers(DeliveryEntry delivery, DateTimeOffset now)
    {
        var message = delivery.Message.Content;
        var id = message.Id.ToString();
        yield return new("Content-Type", message.ContentType);
        yield return new(HeaderNames.WebhookId, id);
        yield return new(HeaderNames.WebhookTimestamp, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        yield return new(HeaderNames.WebhookSignature, delivery.Subscription.Secrets.Sign(id, now, message.Payload.Span));
        yield return new(HeaderNames.SpecVersion, "1.0");
        yield return new(HeaderNames.Id, id);
        yield return new(HeaderNames.Source, "/producers/" + delivery.Message.Producer.Name);
        yield return new(HeaderNames.Type, EventAttribute.Encode(message.Topic));
        yield return new(HeaderNames.Time, delivery.Message.DecidedAt!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        yield return new(HeaderNames.Attempt, (delivery.Attempts + 1).ToString(CultureInfo.InvariantCulture));
        yield return new(HeaderNames.Subscription, delivery.Subscription.Name);
        if (message.Key is { } key) yield return new(HeaderNames.Subject, EventAttribute.Encode(key));
        if (message.OrderingKey is { } orderingKey) yield return new(HeaderNames.PartitionKey, EventAttribute.Encode(orderingKey));
        if (message.Tag is { } tag) yield return new(HeaderNames.Tag, EventAttribute.Encode(tag));
        if (delivery.Message.TraceParent is { } parent) yield return new(HeaderNames.TraceParent, parent);
        foreach (var (name, value) in message.Headers ?? new Dictionary<string, string>()) yield return new(HeaderNames.OwnHeaderPrefix + name, value);
    }
}
