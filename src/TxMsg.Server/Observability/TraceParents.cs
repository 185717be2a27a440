using System.Diagnostics;

namespace TxMsg.Server.Observability;

/// <summary>W3C trace context of requests.</summary>
public static class TraceParents
{
    private const int Length = 55;
    private const int SpanIdStart = 36;
    private const int FlagsStart = 53;

    /// <summary>The trace context to keep with what a request asks for: of this server's span where traces are recorded,
    /// else the caller's own, if it sent one that is valid.</summary>
    public static string? Of(HttpContext context) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true } activity
            ? activity.Id
            : Parse(context.Request.Headers.TraceParent);

    /// <summary>A valid <c>traceparent</c> in the form of version 00, else null. All-zero ids, capitals and two headers are invalid.</summary>
    public static string? Parse(string? sent)
    {
        if (sent is null || sent.Length < Length) return null;
        var isVersion00 = sent.StartsWith("00-", StringComparison.Ordinal);
        // A later version may have more behind a hyphen; what is known of it is passed on as version 00.
        if (sent.Length > Length && (isVersion00 || sent[Length] != '-')) return null;
        var known = sent.Length == Length ? sent : sent[..Length];
        if (!ActivityContext.TryParse(known, null, out _)) return null;
        return isVersion00 ? known : string.Concat("00", known.AsSpan(2));
    }

    /// <summary>The same trace with a span of its own: what is sent on where this server records no span.</summary>
    public static string? Continue(string? producers)
    {
        if (producers is null) return null;
        var span = ActivitySpanId.CreateRandom().ToHexString();
        return string.Concat(producers.AsSpan(0, SpanIdStart), span, producers.AsSpan(FlagsStart - 1));
    }

    /// <summary>The context of a stored <c>traceparent</c>; empty for none.</summary>
    public static ActivityContext ContextOf(string? stored) =>
        ActivityContext.TryParse(stored, null, isRemote: true, out var context) ? context : default;
}
