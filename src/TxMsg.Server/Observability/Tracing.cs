using System.Diagnostics;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Observability;

/// <summary>Spans of what this server does on its own: deliveries and check-backs continue the producer's trace.</summary>
public static class Tracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "TxMsg";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anyone records spans.</summary>
    public static bool IsRecorded => Source.HasListeners();

    /// <summary>Begins the span of an attempt, if anyone records it.</summary>
    public static Activity? StartDelivery(LeasedDelivery delivery, Subscription subscription)
    {
        if (!Source.HasListeners()) return null;
        var span = Source.StartActivity("deliver", ActivityKind.Producer, TraceParents.ContextOf(delivery.TraceParent));
        span?.SetTag("messaging.message.id", delivery.MessageId.ToString());
        span?.SetTag("messaging.destination.name", delivery.Topic);
        span?.SetTag("txmsg.subscription", subscription.Name);
        span?.SetTag("txmsg.attempt", delivery.Attempts + 1);
        return span;
    }

    /// <summary>Begins the span of a verdict, if anyone records it. It belongs to the request that gives the verdict.</summary>
    public static Activity? StartVerdict(Guid id, Verdict verdict, VerdictSource source)
    {
        if (!Source.HasListeners()) return null;
        var span = Source.StartActivity(verdict == Verdict.Commit ? "commit" : "rollback");
        span?.SetTag("messaging.message.id", id.ToString());
        span?.SetTag("txmsg.verdict_source", source.ToWire());
        return span;
    }

    /// <summary>Ends the span of a verdict; links it to the message's own trace, which is known only now.</summary>
    public static void Finish(Activity? span, VerdictResult result)
    {
        if (span is null) return;
        span.SetTag("txmsg.outcome", CoordinatorMetrics.Name(result.Outcome));
        if (TraceParents.ContextOf(result.Decided?.TraceParent) is var message && message != default) span.AddLink(new ActivityLink(message));
    }

    /// <summary>Begins the span of a check-back, if anyone records it.</summary>
    public static Activity? StartCheckBack(OverdueMessage message, Producer producer)
    {
        if (!Source.HasListeners()) return null;
        var span = Source.StartActivity("check back", ActivityKind.Client, TraceParents.ContextOf(message.TraceParent));
        span?.SetTag("messaging.message.id", message.MessageId.ToString());
        span?.SetTag("txmsg.producer", producer.Name);
        span?.SetTag("txmsg.attempt", message.Attempt);
        return span;
    }

    /// <summary>What to send as <c>traceparent</c>: of the span, else of the producer's own trace.</summary>
    public static string? TraceParent(Activity? span, string? producers) => span?.Id ?? TraceParents.Continue(producers);

    /// <summary>Ends a span with what came of its request.</summary>
    public static void Finish(Activity? span, WebhookResult result)
    {
        if (span is null) return;
        if (result.Status is { } status) span.SetTag("http.response.status_code", status);
        span.SetStatus(result.IsSuccess ? ActivityStatusCode.Ok : ActivityStatusCode.Error, result.Error);
    }
}
