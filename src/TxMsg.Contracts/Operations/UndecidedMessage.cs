namespace TxMsg.Contracts.Operations;

/// <summary>A message whose verdict is not known.</summary>
public sealed record UndecidedMessage
{
    /// <summary>Its UUID.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who sent it.</summary>
    public required string Producer { get; init; }

    /// <summary>What it was published under.</summary>
    public required string Topic { get; init; }

    /// <summary><c>prepared</c> or <c>parked</c>.</summary>
    public required string State { get; init; }

    /// <summary>The business key.</summary>
    public string? Key { get; init; }

    /// <summary>What subscriptions filter by.</summary>
    public string? Tag { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset PreparedAt { get; init; }

    /// <summary>Whether its first check-back was due.</summary>
    public required bool PastFirstCheck { get; init; }

    /// <summary>When its producer is asked next, while it is <c>prepared</c>.</summary>
    public DateTimeOffset? NextCheckBackAt { get; init; }

    /// <summary>How often its producer has been asked.</summary>
    public required int CheckBacks { get; init; }

    /// <summary>How often the answer was <c>unknown</c>.</summary>
    public required int UnknownAnswers { get; init; }

    /// <summary>When it was parked.</summary>
    public DateTimeOffset? ParkedAt { get; init; }
}
