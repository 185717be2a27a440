namespace TxMsg.Contracts.Operations;

/// <summary>A page of bulk actions, newest first.</summary>
public sealed record BulkActionList
{
    /// <summary>The bulk actions.</summary>
    public required IReadOnlyList<BulkActionResource> Items { get; init; }

    /// <summary>Give it back as <c>cursor</c> for the next page; none on the last.</summary>
    public string? NextCursor { get; init; }
}
