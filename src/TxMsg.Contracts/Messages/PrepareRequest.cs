using System.Text.Json;

namespace TxMsg.Contracts.Messages;

/// <summary>Body of <c>POST /v1/messages</c>: a half message, or with <c>"verdict":"commit"</c> an ordinary one.</summary>
public sealed record PrepareRequest
{
    /// <summary>The registered producer that sends it.</summary>
    public required string Producer { get; init; }

    /// <summary>The topic: 1 to 256 characters, no control characters. First use creates it.</summary>
    public required string Topic { get; init; }

    /// <summary>Any JSON value; delivered byte for byte as it stands in the request. Either this or <c>payloadBase64</c>.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>Any bytes, in base64.</summary>
    public byte[]? PayloadBase64 { get; init; }

    /// <summary>A UUID made by the sender, so that the call can be repeated safely; else the server makes one (version 7).</summary>
    public Guid? Id { get; init; }

    /// <summary>The payload's media type. Default: <c>application/json</c>, of bytes <c>application/octet-stream</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>A business key to search by, at most 256 characters.</summary>
    public string? Key { get; init; }

    /// <summary>What subscriptions filter by, at most 256 characters.</summary>
    public string? Tag { get; init; }

    /// <summary>Messages of one ordering key reach ordered subscriptions one at a time, in commit order. At most 256 characters.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>Sent to consumers as <c>txmsg-h-{name}</c>: at most 32, names of up to 64 and values of up to 2,048 characters.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>How long after the commit it may be delivered, in seconds: 0 to 31,536,000 (a year). Default 0.</summary>
    public double? DelaySeconds { get; init; }

    /// <summary>When to ask the producer first, in seconds after the prepare: more than 0, at most 2,592,000 (30 days).</summary>
    public double? CheckBackAfterSeconds { get; init; }

    /// <summary><c>commit</c>: an ordinary message, committed at once.</summary>
    public string? Verdict { get; init; }
}
