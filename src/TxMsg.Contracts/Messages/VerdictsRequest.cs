namespace TxMsg.Contracts.Messages;

/// <summary>Body of <c>POST /v1/verdicts</c>.</summary>
public sealed record VerdictsRequest
{
    /// <summary>At most 1,000.</summary>
    public required IReadOnlyList<VerdictItem> Verdicts { get; init; }
}
