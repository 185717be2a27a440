namespace TxMsg.Server.Observability;

/// <summary>Messages whose verdict is not known.</summary>
public sealed class UndecidedCounts
{
    public long Prepared { get; init; }

    public long Parked { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long? OldestPreparedAt { get; init; }

    /// <summary>Since when the first of them is parked, in Unix milliseconds.</summary>
    public long? OldestParkedAt { get; init; }
}
