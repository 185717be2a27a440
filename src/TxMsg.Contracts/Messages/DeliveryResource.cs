namespace TxMsg.Contracts.Messages;

/// <summary>A message's way to one subscription.</summary>
public sealed record DeliveryResource
{
    /// <summary>The subscription's name.</summary>
    public required string Subscription { get; init; }

    /// <summary>One of <see cref="DeliveryStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>How often it has been tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried next; none while it is being tried, waits behind its ordering key, or is finished.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The HTTP status of the last attempt, if there was an answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong in the last attempt.</summary>
    public string? LastError { get; init; }

    /// <summary>When the subscriber acknowledged it.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }
}
