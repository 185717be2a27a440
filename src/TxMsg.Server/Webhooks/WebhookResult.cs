namespace TxMsg.Server.Webhooks;

/// <summary>What became of a <see cref="WebhookRequest"/>.</summary>
public sealed class WebhookResult
{
    /// <summary>How it ended.</summary>
    public required WebhookOutcome Outcome { get; init; }

    /// <summary>The status of the answer. Also there when only its wanted body was lost: the outcome is then not <see cref="WebhookOutcome.Answered"/>.</summary>
    public int? Status { get; init; }

    /// <summary>True when the receiver answered with 2xx (and with the whole body, if that was wanted).</summary>
    public bool IsSuccess => Outcome == WebhookOutcome.Answered && Status is >= 200 and <= 299;

    /// <summary>Whether the receiver can have seen anything.</summary>
    public bool WasSent => Outcome is WebhookOutcome.Answered or WebhookOutcome.TimedOut or WebhookOutcome.ConnectionLost or WebhookOutcome.ProtocolError;

    /// <summary><c>Retry-After</c> of an answer other than 2xx, from now: zero to one hour; null when absent or nonsense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The body of a 2xx answer, if it was wanted: at most <see cref="WebhookSender.MaxBodyBytes"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True when the receiver's body was longer than <see cref="Body"/>.</summary>
    public bool BodyTruncated { get; init; }

    /// <summary>What went wrong, short and in words of ours; null after a success. Never contains secrets, payload, addresses or the receiver's words.</summary>
    public string? Error { get; init; }

    /// <summary>The beginning of the receiver's body when it answered other than 2xx: at most <see cref="WebhookSender.MaxErrorCharacters"/>
    /// printable characters. The receiver's words, so for <c>lastError</c> and never for logs.</summary>
    public string? ErrorBody { get; init; }

    /// <summary>From the call to its end.</summary>
    public TimeSpan Latency { get; init; }
}
