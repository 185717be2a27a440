namespace TxMsg.Contracts.Operations;

/// <summary>What waits for one producer's verdicts.</summary>
public sealed record UndecidedProducer
{
    /// <summary>The producer.</summary>
    public required string Producer { get; init; }

    /// <summary>Its half messages.</summary>
    public required long Prepared { get; init; }

    /// <summary>How long the oldest of them has waited, in seconds; none where there is none.</summary>
    public double? OldestPreparedAgeSeconds { get; init; }

    /// <summary>Those of them whose first check-back was due: its local transactions don't take so long.</summary>
    public required long PastFirstCheck { get; init; }

    /// <summary>How long the oldest of those has waited, in seconds; none where there is none.</summary>
    public double? OldestPastFirstCheckAgeSeconds { get; init; }

    /// <summary>Whether <see cref="PastFirstCheck"/> is all; else there are at least so many: counting ends somewhere.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Its parked messages.</summary>
    public required long Parked { get; init; }

    /// <summary>How long ago the first of them was parked, in seconds; none where there is none.</summary>
    public double? OldestParkedAgeSeconds { get; init; }
}
