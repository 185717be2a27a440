using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TxMsg.Contracts;
using TxMsg.Server.Http;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Deliveries;

/// <summary>Makes one attempt: a CloudEvent in binary mode, signed, to the subscription's endpoint.</summary>
public sealed class DeliverySender(WebhookSender sender, RegistryCache registry, TimeProvider time)
{
    /// <summary>Sends the delivery once.</summary>
    public Task<WebhookResult> SendAsync(LeasedDelivery delivery, MessageContent content, Subscription subscription, TimeSpan timeout, CancellationToken cancellationToken) =>
        SendAsync(delivery, content, subscription, registry.Current.FindProducer(delivery.ProducerId)?.Name ?? "", timeout, cancellationToken);

    /// <summary>Sends the delivery once, in the name of this producer.</summary>
    internal Task<WebhookResult> SendAsync(
        LeasedDelivery delivery, MessageContent content, Subscription subscription, string producer, TimeSpan timeout, CancellationToken cancellationToken) =>
        Tracing.IsRecorded
            ? SendTracedAsync(delivery, content, subscription, producer, timeout, cancellationToken)
            : sender.SendAsync(Compose(delivery, content, subscription, producer, timeout, span: null), cancellationToken);

    private async Task<WebhookResult> SendTracedAsync(
        LeasedDelivery delivery, MessageContent content, Subscription subscription, string producer, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var span = Tracing.StartDelivery(delivery, subscription);
        var result = await sender.SendAsync(Compose(delivery, content, subscription, producer, timeout, span), cancellationToken);
        Tracing.Finish(span, result);
        return result;
    }

    private WebhookRequest Compose(LeasedDelivery delivery, MessageContent content, Subscription subscription, string producer, TimeSpan timeout, Activity? span)
    {
        var id = delivery.MessageId.ToString();
        return new WebhookRequest
        {
            Endpoint = subscription.Endpoint,
            Id = id,
            Body = content.Payload,
            ContentType = content.ContentType,
            Headers = Headers(delivery, content, subscription, producer, id, Tracing.TraceParent(span, delivery.TraceParent)),
            Secrets = subscription.Secrets.ValidAt(time.GetUtcNow()),
            Timeout = timeout,
        };
    }

    private static List<WebhookHeader> Headers(LeasedDelivery delivery, MessageContent content, Subscription subscription, string producer, string id, string? traceParent)
    {
        var committedAt = DateTimeOffset.FromUnixTimeMilliseconds(delivery.CommittedAt);
        var headers = new List<WebhookHeader>(8)
        {
            new(HeaderNames.SpecVersion, "1.0"),
            new(HeaderNames.Id, id),
            new(HeaderNames.Source, "/producers/" + producer),
            new(HeaderNames.Type, EventAttribute.Encode(delivery.Topic)),
            new(HeaderNames.Time, WireTime.Format(committedAt)),
            new(HeaderNames.Attempt, (delivery.Attempts + 1).ToString(CultureInfo.InvariantCulture)),
            new(HeaderNames.Subscription, subscription.Name),
        };
        if (delivery.Key is not null) headers.Add(new(HeaderNames.Subject, EventAttribute.Encode(delivery.Key)));
        if (delivery.OrderingKey is not null) headers.Add(new(HeaderNames.PartitionKey, EventAttribute.Encode(delivery.OrderingKey)));
        if (delivery.Tag is not null) headers.Add(new(HeaderNames.Tag, EventAttribute.Encode(delivery.Tag)));
        if (traceParent is not null) headers.Add(new(HeaderNames.TraceParent, traceParent));
        if (content.HeadersJson is not null) AddOwn(headers, content.HeadersJson);
        return headers;
    }

    private static void AddOwn(List<WebhookHeader> headers, string json)
    {
        foreach (var (name, value) in JsonSerializer.Deserialize(json, WireJson.Default.DictionaryStringString)!)
            headers.Add(new(HeaderNames.OwnHeaderPrefix + name, value));
    }
}
