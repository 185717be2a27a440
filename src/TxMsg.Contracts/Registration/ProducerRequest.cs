namespace TxMsg.Contracts.Registration;

/// <summary>Body of <c>PUT /v1/producers/{name}</c>.</summary>
public sealed record ProducerRequest
{
    /// <summary>Where its half messages are asked about: an absolute http or https URL.</summary>
    public required string CheckBackUrl { get; init; }

    /// <summary>When to ask first, in seconds after the prepare: more than 0, at most 2,592,000. Default: the server's, 30.</summary>
    public double? CheckBackAfterSeconds { get; init; }

    /// <summary>After how many answers <c>unknown</c> a half message is parked: 1 to 10,000. Default: the server's, 15.</summary>
    public int? MaxUnknownAnswers { get; init; }

    /// <summary>How long after the prepare a half message without a verdict is asked about, whether the producer answers <c>unknown</c> or not at all; then it
    /// is parked: in seconds, more than 0, at most 31,536,000. Default: the server's, 259,200.</summary>
    public double? GiveUpAfterSeconds { get; init; }

    /// <summary>The signing secret, <c>whsec_</c> and base64 of 24 to 64 bytes; else the server makes one. Giving another one later rotates.</summary>
    public string? Secret { get; init; }

    /// <summary>Why it is made or changed; kept in the audit, and no part of its settings. At most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
