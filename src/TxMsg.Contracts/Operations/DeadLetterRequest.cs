namespace TxMsg.Contracts.Operations;

/// <summary>Body of <c>POST /v1/dead-letters/redeliver</c> and <c>/discard</c>.</summary>
public sealed record DeadLetterRequest
{
    /// <summary>Whose dead letters.</summary>
    public required string Subscription { get; init; }

    /// <summary>Which; none given: all of the subscription. At most 1,000.</summary>
    public IReadOnlyList<Guid>? MessageIds { get; init; }

    /// <summary>Why; kept. At most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
