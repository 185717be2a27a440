namespace TxMsg.Contracts.Messages;

/// <summary>Body of <c>POST /v1/messages/batch</c>.</summary>
public sealed record PrepareBatchRequest
{
    /// <summary>At most 1,000.</summary>
    public required IReadOnlyList<PrepareRequest> Messages { get; init; }
}
