namespace TxMsg.Contracts.Operations;

/// <summary>How many messages a bulk action would be about.</summary>
public sealed record BulkActionCount
{
    /// <summary>The number.</summary>
    public required long Count { get; init; }

    /// <summary>Whether that is all; else there are at least so many: counting ends somewhere.</summary>
    public required bool IsExact { get; init; }

    /// <summary>The place of the last of them. What is at a later place has not been counted.</summary>
    public long? UpTo { get; init; }
}
