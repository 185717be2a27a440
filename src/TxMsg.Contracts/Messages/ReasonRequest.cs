namespace TxMsg.Contracts.Messages;

/// <summary>Optional body of calls that act on a message, a producer, a subscription or a key.</summary>
public sealed record ReasonRequest
{
    /// <summary>Why; kept beside the action. At most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
