namespace TxMsg.Contracts.Operations;

/// <summary>A page of the audit, newest first. It may be short, even empty, where few of many entries match.</summary>
public sealed record AuditEntryList
{
    /// <summary>The entries.</summary>
    public required IReadOnlyList<AuditEntryResource> Items { get; init; }

    /// <summary>Give it back as <c>cursor</c> for the next page; none on the last.</summary>
    public string? NextCursor { get; init; }
}
