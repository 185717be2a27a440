using TxMsg.Contracts.Registration;

namespace TxMsg.Server.Hosting.Declarations;

/// <summary>A subscription of the configuration: <c>TxMsg:Subscriptions:0</c>. The same as the body of <c>PUT /v1/subscriptions/{name}</c>.</summary>
public sealed class DeclaredSubscription
{
    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <inheritdoc cref="SubscriptionRequest.Topic"/>
    public string? Topic { get; set; }

    /// <inheritdoc cref="SubscriptionRequest.Endpoint"/>
    public string? Endpoint { get; set; }

    /// <inheritdoc cref="SubscriptionRequest.Tags"/>
    public string[]? Tags { get; set; }

    /// <inheritdoc cref="SubscriptionRequest.Ordered"/>
    public bool? Ordered { get; set; }

    /// <inheritdoc cref="SubscriptionRequest.MaxConcurrency"/>
    public int? MaxConcurrency { get; set; }

    /// <inheritdoc cref="SubscriptionRequest.TimeoutSeconds"/>
    public double? TimeoutSeconds { get; set; }

    /// <inheritdoc cref="SubscriptionRequest.RetryScheduleSeconds"/>
    public double[]? RetryScheduleSeconds { get; set; }

    /// <inheritdoc cref="SubscriptionRequest.Secret"/>
    public string? Secret { get; set; }

    /// <summary>What would be put by a call.</summary>
    public SubscriptionRequest ToRequest() => new()
    {
        Topic = Topic ?? "",
        Endpoint = Endpoint ?? "",
        Tags = Tags,
        Ordered = Ordered,
        MaxConcurrency = MaxConcurrency,
        TimeoutSeconds = TimeoutSeconds,
        RetryScheduleSeconds = RetryScheduleSeconds,
        Secret = Secret,
    };
}
