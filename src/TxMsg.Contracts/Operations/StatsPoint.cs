using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Operations;

/// <summary>What was counted in one step.</summary>
public sealed record StatsPoint
{
    /// <summary>When the step began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Half messages stored.</summary>
    public required long Prepared { get; init; }

    /// <summary>Messages committed, ordinary ones included.</summary>
    public required long Committed { get; init; }

    /// <summary>Messages rolled back.</summary>
    public required long RolledBack { get; init; }

    /// <summary>Attempts that were acknowledged.</summary>
    public required long Delivered { get; init; }

    /// <summary>Attempts that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Deliveries that became dead letters; the attempt that made them is among <see cref="Failed"/>, too.</summary>
    public required long DeadLettered { get; init; }

    /// <summary>Half of the deliveries took no longer than this from the commit to the acknowledgement, in seconds; none where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CommitToDeliveredP50Seconds { get; init; }

    /// <summary>99 of 100 deliveries took no longer than this from the commit to the acknowledgement, in seconds; none where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CommitToDeliveredP99Seconds { get; init; }
}
