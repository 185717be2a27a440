namespace TxMsg.Client.Consuming;

/// <summary>Why a request is no delivery that a handler may see.</summary>
public enum RefusalReason
{
    /// <summary>The webhook id, timestamp or signature is absent.</summary>
    MissingSignature,

    /// <summary>The webhook id, timestamp or signature is not of the form that Standard Webhooks prescribes.</summary>
    MalformedSignature,

    /// <summary>None of the secrets made the signature.</summary>
    WrongSignature,

    /// <summary>It was sent longer ago than the tolerance: it may be a replay.</summary>
    TimestampTooOld,

    /// <summary>It was sent further ahead than the tolerance: a clock is wrong.</summary>
    TimestampTooNew,

    /// <summary>It is not a CloudEvent as the coordinator writes it.</summary>
    MalformedEvent,

    /// <summary>The event is not the message that was signed.</summary>
    IdMismatch,

    /// <summary>It is for a subscription that is not consumed here.</summary>
    ForeignSubscription,

    /// <summary>The body is larger than the bound.</summary>
    TooLarge,
}

/// <summary>A refused request. The coordinator tries it again, and shows the operator why it was refused.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Detail">A sentence; it repeats nothing that a stranger sent.</param>
public sealed record DeliveryRefusal(RefusalReason Reason, string Detail)
{
    /// <summary>The HTTP status: 401 for signature and age, 400 for the event, 403 for the subscription, 413 for the size.</summary>
    public int Status => Reason switch
    {
        RefusalReason.MalformedEvent or RefusalReason.IdMismatch => 400,
        RefusalReason.ForeignSubscription => 403,
        RefusalReason.TooLarge => 413,
        _ => 401,
    };
}
