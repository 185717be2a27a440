namespace TxMsg.Contracts.Operations;

/// <summary>A page of dead letters, oldest first.</summary>
public sealed record DeadLetterList
{
    /// <summary>The dead letters.</summary>
    public required IReadOnlyList<DeadLetterResource> Items { get; init; }

    /// <summary>Give it back as <c>cursor</c> for the next page; none on the last.</summary>
    public string? NextCursor { get; init; }
}
