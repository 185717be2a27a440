namespace TxMsg.Contracts.Operations;

/// <summary>A bulk action and how far it is.</summary>
public sealed record BulkActionResource
{
    /// <summary>Its UUID.</summary>
    public required Guid Id { get; init; }

    /// <summary>One of <see cref="BulkActionKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>One of <see cref="BulkActionStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>What it is about, as it was asked for.</summary>
    public required BulkActionFilter Filter { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>At most so many a second.</summary>
    public required int PerSecond { get; init; }

    /// <summary>How many there were when it was asked for.</summary>
    public required long Total { get; init; }

    /// <summary>Whether <see cref="Total"/> is all; else there were at least so many.</summary>
    public required bool TotalIsExact { get; init; }

    /// <summary>How many it was done to.</summary>
    public required long Done { get; init; }

    /// <summary>How many needed nothing any more when their turn came: decided, redelivered or discarded in the meantime.</summary>
    public required long Skipped { get; init; }

    /// <summary>How many it was tried for in vain: producers that could not be reached.</summary>
    public required long Failed { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its turn came.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, however that was.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }
}
