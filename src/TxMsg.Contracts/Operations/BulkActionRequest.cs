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

    /// <summary>The answer of <c>POST /v1/bulk-actions/count</c> that this was decided by, so that nobody decides more than was counted:
    /// what is behind its last is left alone, and when more match all the same, the answer is 409 and nothing is done.</summary>
    public BulkActionCount? Counted { get; init; }
}
