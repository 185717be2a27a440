using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Registration;

/// <summary>A subscription as the API shows it.</summary>
public sealed record SubscriptionResource
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Where deliveries go.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Only messages with one of these tags; empty: all.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Whether messages of one ordering key come one at a time, in commit order.</summary>
    public required bool Ordered { get; init; }

    /// <summary>How many deliveries may be under way at once.</summary>
    public required int MaxConcurrency { get; init; }

    /// <summary>How long one attempt may take, in seconds.</summary>
    public required double TimeoutSeconds { get; init; }

    /// <summary>The delays between attempts, in seconds.</summary>
    public required IReadOnlyList<double> RetryScheduleSeconds { get; init; }

    /// <summary><c>active</c> or <c>paused</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it is paused.</summary>
    public string? PausedReason { get; init; }

    /// <summary>Deliveries that wait for an attempt.</summary>
    public required long Pending { get; init; }

    /// <summary>Deliveries that a node works on.</summary>
    public required long Leased { get; init; }

    /// <summary>Deliveries that wait for a person.</summary>
    public required long DeadLettered { get; init; }

    /// <summary>The signing secret; only in the answer that creates or rotates it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>How its endpoint has answered lately; where subscriptions are read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EndpointHealth? Health { get; init; }
}
