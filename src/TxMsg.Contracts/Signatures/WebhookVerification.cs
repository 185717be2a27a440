namespace TxMsg.Contracts.Signatures;

/// <summary>What the check of a received signature found.</summary>
public enum WebhookVerification
{
    /// <summary>No secret made the signature.</summary>
    NoMatch,

    /// <summary>One of the secrets made it, and the timestamp is within the tolerance.</summary>
    Valid,

    /// <summary>The id, the timestamp or the signature is absent.</summary>
    MissingHeader,

    /// <summary>The id, the timestamp or the signature is not of the form that Standard Webhooks prescribes.</summary>
    Malformed,

    /// <summary>The timestamp is longer ago than the tolerance: the request may be a replay.</summary>
    TimestampTooOld,

    /// <summary>The timestamp is further ahead than the tolerance: a clock is wrong.</summary>
    TimestampTooNew,
}
