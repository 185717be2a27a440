namespace TxMsg.Contracts.Operations;

/// <summary>A page of undecided messages, oldest first.</summary>
public sealed record UndecidedList
{
    /// <summary>The messages.</summary>
    public required IReadOnlyList<UndecidedMessage> Items { get; init; }

    /// <summary>Give it back as <c>cursor</c> for the next page; none on the last.</summary>
    public string? NextCursor { get; init; }
}
