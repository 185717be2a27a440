using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Operations;

/// <summary>A page of dead letters, oldest first.</summary>
public sealed record DeadLetterList
{
    /// <summary>The dead letters; with a filter there may be fewer than asked for, or none, and a next page all the same.</summary>
    public required IReadOnlyList<DeadLetterResource> Items { get; init; }

    /// <summary>Where the search ended so far: those that became one about then and before have been looked at. None without a filter, or when all have been.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SearchedTo { get; init; }

    /// <summary>Give it back as <c>cursor</c> for the next page; none on the last.</summary>
    public string? NextCursor { get; init; }
}
