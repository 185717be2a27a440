namespace TxMsg.AcceptanceTests.Harness;

/// <summary>The body of a subscription; what is null is left out.</summary>
public sealed record NewSubscription(string Topic, Uri Endpoint)
{
    public IReadOnlyList<string>? Tags { get; init; }

    public bool? Ordered { get; init; }

    public int? MaxConcurrency { get; init; }

    public int? TimeoutSeconds { get; init; }

    public IReadOnlyList<int>? RetryScheduleSeconds { get; init; }

    public string? Secret { get; init; }
}
