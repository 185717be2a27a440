namespace TxMsg.Contracts.Operations;

/// <summary>An active alert.</summary>
public sealed record AlertResource
{
    /// <summary><c>parked</c>, <c>deadLettered</c>, <c>oldestPrepared</c> or <c>oldestPending</c>.</summary>
    public required string Alert { get; init; }

    /// <summary>The producer (<c>parked</c>, <c>oldestPrepared</c>) or the subscription.</summary>
    public required string Subject { get; init; }

    /// <summary>How many messages or deliveries it is about now.</summary>
    public required long Count { get; init; }

    /// <summary>How long the oldest of them has waited, in seconds.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>What happened, for a person, as it was when it was raised.</summary>
    public required string Detail { get; init; }

    /// <summary>When it was raised.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When the receiver of alerts acknowledged it; none before, and none while there is no receiver.</summary>
    public DateTimeOffset? NotifiedAt { get; init; }
}
