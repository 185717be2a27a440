using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Consuming;

/// <summary>A subscription that this application consumes. With a topic and an endpoint it is registered with the coordinator at start.</summary>
/// <param name="name">1 to 128 letters, digits, '.', '_' and '-'.</param>
public sealed class ConsumerSubscription(string name)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its own secrets, <c>whsec_...</c>: then no other counts for it. Several while one is being rotated; the first is registered.
    /// Default: those of the options.</summary>
    public IList<string> Secrets { get; init; } = [];

    /// <summary>The topic to register it for.</summary>
    public string? Topic { get; init; }

    /// <summary>Where deliveries are to go: this application's endpoint, an absolute http or https URL as the coordinator reaches it.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Only messages with one of these tags. Default: all.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whether messages of one ordering key come one at a time, in commit order. Default: no.</summary>
    public bool Ordered { get; init; }

    /// <summary>How many deliveries may be under way at once: 1 to 1,000. Default: the coordinator's, 16.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>How long one attempt may take: 0.1 seconds to 5 minutes. Default: the coordinator's, 15 seconds.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The delays between attempts: at most 100, each zero to a week; empty: no retry. Default: the coordinator's, 16 within five hours.</summary>
    public IReadOnlyList<TimeSpan>? RetrySchedule { get; init; }

    /// <summary>Whether it is registered at start.</summary>
    internal bool IsRegistered => Topic is not null && Endpoint is not null;

    internal SubscriptionRequest ToRequest(string secret) => new()
    {
        Topic = Topic!,
        Endpoint = Endpoint!,
        Tags = Tags,
        Ordered = Ordered,
        MaxConcurrency = MaxConcurrency,
        TimeoutSeconds = Timeout?.TotalSeconds,
        RetryScheduleSeconds = RetrySchedule?.Select(delay => delay.TotalSeconds).ToArray(),
        Secret = secret,
    };
}
