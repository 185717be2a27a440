using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Messages;

/// <summary>A message as the API shows it.</summary>
public sealed record MessageResource
{
    /// <summary>Its UUID.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who sent it.</summary>
    public required string Producer { get; init; }

    /// <summary>What it was published under.</summary>
    public required string Topic { get; init; }

    /// <summary>One of <see cref="MessageStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>The business key.</summary>
    public string? Key { get; init; }

    /// <summary>What subscriptions filter by.</summary>
    public string? Tag { get; init; }

    /// <summary>What ordered subscriptions go by.</summary>
    public string? OrderingKey { get; init; }

    /// <summary>How long after the commit it may be delivered, in seconds.</summary>
    public double DelaySeconds { get; init; }

    /// <summary>The payload's media type; not in lists, and in the answer to a verdict only where it need not be read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ContentType { get; init; }

    /// <summary>The message's own headers, if it has any; where <see cref="ContentType"/> is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset PreparedAt { get; init; }

    /// <summary>When its verdict was stored.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Who gave the verdict: <c>producer</c>, <c>checkBack</c> or <c>operator</c>.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>The reason given with the verdict.</summary>
    public string? Reason { get; init; }

    /// <summary>When its producer is asked next, while it is <c>prepared</c>.</summary>
    public DateTimeOffset? NextCheckBackAt { get; init; }

    /// <summary>How often its producer has been asked.</summary>
    public int CheckBacks { get; init; }

    /// <summary>Its way to each subscription; not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DeliveryResource>? Deliveries { get; init; }
}
