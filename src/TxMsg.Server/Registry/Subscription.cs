namespace TxMsg.Server.Registry;

/// <summary>A named consumer of one topic. Values that it leaves open are those of <c>TxMsg:Deliveries</c>.</summary>
public sealed record Subscription
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required string Topic { get; init; }

    public required Uri Endpoint { get; init; }

    /// <summary>The tags it wants; none: every message, tagged or not.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public bool Ordered { get; init; }

    public int? MaxConcurrency { get; init; }

    public TimeSpan? Timeout { get; init; }

    public IReadOnlyList<double>? RetryScheduleSeconds { get; init; }

    public required SigningSecrets Secrets { get; init; }

    public required SubscriptionState State { get; init; }

    public string? PausedReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether a message of its topic with this tag is for it.</summary>
    public bool Wants(string? tag) => Tags.Count == 0 || (tag is not null && Tags.Contains(tag, StringComparer.Ordinal));
}
