namespace TxMsg.Contracts.Registration;

/// <summary>Body of <c>PUT /v1/subscriptions/{name}</c>.</summary>
public sealed record SubscriptionRequest
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Where deliveries go: an absolute http or https URL.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Only messages with one of these tags; none given or empty: all messages. At most 100.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whether messages of one ordering key come one at a time, in commit order. Default false.</summary>
    public bool? Ordered { get; init; }

    /// <summary>How many deliveries may be under way at once: 1 to 1,000. Default: the server's, 16.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>How long one attempt may take, in seconds: 0.1 to 300. Default: the server's, 15.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>The delays between attempts, in seconds: at most 100, each 0 to 604,800. Empty: no retry. Default: the server's.</summary>
    public IReadOnlyList<double>? RetryScheduleSeconds { get; init; }

    /// <summary>The signing secret, <c>whsec_</c> and base64 of 24 to 64 bytes; else the server makes one. Giving another one later rotates.</summary>
    public string? Secret { get; init; }

    /// <summary>Why it is made or changed; kept in the audit, and no part of its settings. At most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
