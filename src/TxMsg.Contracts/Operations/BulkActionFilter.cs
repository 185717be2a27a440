using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Operations;

/// <summary>What a bulk action is about: of what was there when it was asked for, everything that matches all that is given.
/// Message ids stand alone.</summary>
public sealed record BulkActionFilter
{
    /// <summary>Dead letters: whose. Required for them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subscription { get; init; }

    /// <summary>Dead letters: those that failed alike; the error of a group, or of one dead letter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>Dead letters: those whose last attempt was answered so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LastStatus { get; init; }

    /// <summary>Dead letters: those that became one before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DeadLetteredBefore { get; init; }

    /// <summary>Dead letters: those that became one at this time or after.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DeadLetteredAfter { get; init; }

    /// <summary>Undecided messages: <c>prepared</c> or <c>parked</c>; none given: both. A half message that has not reached its
    /// first check-back is left alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    /// <summary>Undecided messages: those of one producer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Producer { get; init; }

    /// <summary>Undecided messages: those of one topic.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Topic { get; init; }

    /// <summary>Undecided messages: those prepared at least so long before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? OlderThanSeconds { get; init; }

    /// <summary>These messages and no others, whatever their age. At most 1,000; not in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Guid>? MessageIds { get; init; }
}
