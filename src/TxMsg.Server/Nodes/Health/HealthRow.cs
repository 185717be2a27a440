namespace TxMsg.Server.Nodes.Health;

/// <summary>A row of <c>endpoint_health</c>: what one node has seen of one endpoint; times are Unix milliseconds.</summary>
public sealed record HealthRow
{
    /// <summary><see cref="Kind"/> of a subscription.</summary>
    public const int Subscription = 0;

    /// <summary><see cref="Kind"/> of a producer.</summary>
    public const int Producer = 1;

    public int Kind { get; init; }

    /// <summary>The id of the subscription or producer.</summary>
    public long SubjectId { get; init; }

    public long? LastSuccessAt { get; init; }

    public long? LastFailureAt { get; init; }

    public int? LastStatus { get; init; }

    public string? LastError { get; init; }

    /// <summary>See <see cref="RecentAttempts"/>.</summary>
    public string? Recent { get; init; }

    /// <summary>Null while the circuit is closed; else until when it is open, in the past while one may try.</summary>
    public long? CircuitUntil { get; init; }
}
