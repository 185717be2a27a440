namespace TxMsg.Contracts.Operations;

/// <summary>Answer to <c>POST /v1/subscriptions/{name}/retry-now</c>.</summary>
public sealed record RetryNowResource
{
    /// <summary>How many deliveries waited for a retry and are tried now; what waited because the endpoint was left alone is tried, too, and not counted.</summary>
    public required long Retried { get; init; }
}
