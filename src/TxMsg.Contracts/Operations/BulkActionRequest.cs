namespace TxMsg.Contracts.Operations;

/// <summary>Body of <c>POST /v1/bulk-actions</c> and of <c>POST /v1/bulk-actions/count</c>.</summary>
public sealed record BulkActionRequest
{
    /// <summary>One of <see cref="BulkActionKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Which messages.</summary>
    public required BulkActionFilter Filter { get; init; }

    /// <summary>Why; kept beside each message. Required, except to count. At most 1,000 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>At most so many a second, so that nobody is overrun: 1 to 1,000. Default 50; 500 for what calls nobody (<c>discard</c>
    /// and <c>rollback</c>).</summary>
    public int? PerSecond { get; init; }
}
