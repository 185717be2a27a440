using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Operations;

/// <summary>Body of the webhook that tells of an alert. The header <c>webhook-id</c> is the same at each try of one raising or clearing.</summary>
public sealed record AlertNotification
{
    /// <summary><c>parked</c>, <c>deadLettered</c>, <c>oldestPrepared</c> or <c>oldestPending</c>.</summary>
    public required string Alert { get; init; }

    /// <summary><c>raised</c> or <c>cleared</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The producer (<c>parked</c>, <c>oldestPrepared</c>) or the subscription.</summary>
    public required string Subject { get; init; }

    /// <summary>How many messages or deliveries it is about now; 0 when it has cleared.</summary>
    public required long Count { get; init; }

    /// <summary>How long the oldest of them has waited, in seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AgeSeconds { get; init; }

    /// <summary>What happened, or that it is over, for a person.</summary>
    public required string Detail { get; init; }

    /// <summary>When it was raised.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When this was sent.</summary>
    public required DateTimeOffset At { get; init; }
}
