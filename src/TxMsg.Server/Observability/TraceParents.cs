using System.Diagnostics;

namespace TxMsg.Server.Observability;

/// <summary>W3C trace context of requests.</summary>
public static class TraceParents
{
    /// <summary>The trace context to keep with what a request asks for: of this server's span where traces are recorded,
    /// else the caller's own, if it sent one that is well-formed.</summary>
    public static string? Of(HttpContext context)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true } activity) return activity.Id;
        string? sent = context.Request.Headers.TraceParent;
        return sent is { Length: 55 } && ActivityContext.TryParse(sent, null, out _) ? sent : null;
    }
}
