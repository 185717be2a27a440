namespace TxMsg.Contracts;

/// <summary>Names of the HTTP headers of check-back and delivery requests.</summary>
public static class HeaderNames
{
    /// <summary>Standard Webhooks: the message id.</summary>
    public const string WebhookId = "webhook-id";

    /// <summary>Standard Webhooks: the time of this attempt, in Unix seconds.</summary>
    public const string WebhookTimestamp = "webhook-timestamp";

    /// <summary>Standard Webhooks: <c>v1,</c> and the base64 signature; one entry for each valid secret, separated by spaces.</summary>
    public const string WebhookSignature = "webhook-signature";

    /// <summary>CloudEvents: always <c>1.0</c>.</summary>
    public const string SpecVersion = "ce-specversion";

    /// <summary>CloudEvents: the message id.</summary>
    public const string Id = "ce-id";

    /// <summary>CloudEvents: <c>/producers/{producer}</c>.</summary>
    public const string Source = "ce-source";

    /// <summary>CloudEvents: the topic.</summary>
    public const string Type = "ce-type";

    /// <summary>CloudEvents: the time of the commit.</summary>
    public const string Time = "ce-time";

    /// <summary>CloudEvents: the message's key, if it has one.</summary>
    public const string Subject = "ce-subject";

    /// <summary>CloudEvents partitioning extension: the ordering key, if the message has one.</summary>
    public const string PartitionKey = "ce-partitionkey";

    /// <summary>TxMsg: the tag, if the message has one.</summary>
    public const string Tag = "ce-txmsgtag";

    /// <summary>TxMsg: the number of this attempt: 1, 2, ...</summary>
    public const string Attempt = "ce-txmsgattempt";

    /// <summary>TxMsg: the subscription; a consumer deduplicates by subscription and message id.</summary>
    public const string Subscription = "ce-txmsgsubscription";

    /// <summary>TxMsg: what the names of the message's own headers begin with.</summary>
    public const string OwnHeaderPrefix = "txmsg-h-";

    /// <summary>W3C trace context: continues the producer's trace.</summary>
    public const string TraceParent = "traceparent";
}
