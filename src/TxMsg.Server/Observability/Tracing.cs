using System.Diagnostics;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Observability;

/// <summary>Spans of what this server does on its own: deliveries and check-backs continue the producer's trace.</summary>
public static class Tracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "TxMsg";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span of an attempt, if anyone records it.</summary>
    public static Activity? StartDelivery(LeasedDelivery delivery, Subscription subscription)
    {
        if (!Source.HasListeners()) return null;
        ActivityContext.TryParse(delivery.TraceParent, null, isRemote: true, out var parent);
        var span = Source.StartActivity("deliver", ActivityKind.Producer, parent);
        span?.SetTag("messaging.message.id", delivery.MessageId.ToString());
        span?.SetTag("messaging.destination.name", delivery.Topic);
        span?.SetTag("txmsg.subscription", subscription.Name);
        span?.SetTag("txmsg.attempt", delivery.Attempts + 1);
        return span;
    }

    /// <summary>Begins the span of a check-back, if anyone records it.</summary>
    public static Activity? StartCheckBack(OverdueMessage message, Producer producer)
    {
        if (!Source.HasListeners()) return null;
        ActivityContext.TryParse(message.TraceParent, null, isRemote: true, out var parent);
        var span = Source.StartActivity("check back", ActivityKind.Client, parent);
        span?.SetTag("messaging.message.id", message.MessageId.ToString());
        span?.SetTag("txmsg.producer", producer.Name);
        span?.SetTag("txmsg.attempt", message.CheckBacks + 1);
        return span;
    }

    /// <summary>What to send as <c>traceparent</c>: of the span, else the producer's own.</summary>
    public static string? TraceParent(Activity? span, string? producers) => span?.Id ?? producers;

    /// <summary>Ends a span with what came of its request.</summary>
    public static void Finish(Activity? span, WebhookResult result)
    {
        if (span is null) return;
        if (result.Status is { } status) span.SetTag("http.response.status_code", status);
        span.SetStatus(result.IsSuccess ? ActivityStatusCode.Ok : ActivityStatusCode.Error, result.Error);
    }
}
