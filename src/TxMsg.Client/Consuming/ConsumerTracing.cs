using System.Diagnostics;

namespace TxMsg.Client.Consuming;

/// <summary>The span of a delivery's handling: it continues the coordinator's, and so the producer's.</summary>
internal static class ConsumerTracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "TxMsg.Client";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span, if anyone records it.</summary>
    public static Activity? Start(ReceivedMessage message)
    {
        if (!Source.HasListeners()) return null;
        var span = Source.StartActivity("handle", ActivityKind.Consumer, ParentOf(message));
        span?.SetTag("messaging.message.id", message.Id.ToString());
        span?.SetTag("messaging.destination.name", message.Topic);
        span?.SetTag("txmsg.subscription", message.Subscription);
        span?.SetTag("txmsg.attempt", message.Attempt);
        return span;
    }

    /// <summary>Ends the span with what came of the delivery.</summary>
    public static void Finish(Activity? span, HandlingOutcome outcome)
    {
        if (span is null) return;
        span.SetTag("txmsg.outcome", ConsumerMetrics.Name(outcome));
        span.SetStatus(outcome is HandlingOutcome.Handled or HandlingOutcome.Duplicate or HandlingOutcome.Tested ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
    }

    // A server's span of the request, where there is one, continues the delivery already and stands between.
    private static ActivityContext ParentOf(ReceivedMessage message)
    {
        if (!ActivityContext.TryParse(message.TraceParent, null, isRemote: true, out var delivery)) return Activity.Current?.Context ?? default;
        return Activity.Current is { } current && current.TraceId == delivery.TraceId ? current.Context : delivery;
    }
}
