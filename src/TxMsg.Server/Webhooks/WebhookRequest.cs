using TxMsg.Contracts.Signatures;

namespace TxMsg.Server.Webhooks;

/// <summary>One signed POST to a producer, a consumer or a receiver of alerts.</summary>
public sealed class WebhookRequest
{
    /// <summary>Where it goes: absolute, http or https. Reuse the object between requests; it caches its parts.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary><c>webhook-id</c>: visible ASCII without a full stop.</summary>
    public required string Id { get; init; }

    /// <summary>The body, byte for byte. Must never change afterwards: the handler may still be writing it when a request has failed.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The content type, or null for none.</summary>
    public string? ContentType { get; init; }

    /// <summary>Headers beside those that the sender sets itself; at most <see cref="RequestRules.MaxHeaders"/>.</summary>
    public IReadOnlyList<WebhookHeader> Headers { get; init; } = [];

    /// <summary>The secrets to sign with: at least one, two while one is being rotated.</summary>
    public required IReadOnlyList<WebhookSecret> Secrets { get; init; }

    /// <summary>The one deadline over waiting for a connection, connecting, sending and reading the answer. More than zero, at most a day.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>True when the body of a 2xx answer is wanted (<see cref="WebhookResult.Body"/>). Otherwise such an answer counts
    /// as soon as its headers are there, whatever its body does.</summary>
    public bool WantsBody { get; init; }
}
