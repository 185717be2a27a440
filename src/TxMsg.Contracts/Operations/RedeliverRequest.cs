namespace TxMsg.Contracts.Operations;

/// <summary>Body of <c>POST /v1/messages/{id}/redeliver</c>.</summary>
public sealed record RedeliverRequest
{
    /// <summary>To whom.</summary>
    public required string Subscription { get; init; }

    /// <summary>Why; kept. At most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
