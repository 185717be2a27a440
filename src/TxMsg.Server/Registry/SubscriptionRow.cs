using System.Globalization;
using System.Text.Json;
using TxMsg.Server.Access;
using TxMsg.Server.Http;

namespace TxMsg.Server.Registry;

/// <summary>A row of <c>subscriptions</c>.</summary>
public sealed class SubscriptionRow : ISigningEntryRow
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string Topic { get; init; } = "";

    public string Endpoint { get; init; } = "";

    public string? Tags { get; init; }

    public int Ordered { get; init; }

    public int? MaxConcurrency { get; init; }

    public long? TimeoutMs { get; init; }

    public string? RetrySchedule { get; init; }

    public string Secret { get; init; } = "";

    public string? PreviousSecret { get; init; }

    public long? PreviousSecretExpiresAt { get; init; }

    public string? OlderSecrets { get; init; }

    public int State { get; init; }

    public string? PausedReason { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public IEnumerable<(string Name, string? Value)> Settings =>
    [
        ("topic", Topic),
        ("endpoint", Endpoint),
        ("tags", Tags),
        ("ordered", Ordered == 0 ? null : "true"),
        ("maxConcurrency", MaxConcurrency?.ToString(CultureInfo.InvariantCulture)),
        ("timeoutSeconds", ProducerRow.Seconds(TimeoutMs)),
        ("retryScheduleSeconds", RetrySchedule),
    ];

    public Subscription ToSubscription(ISecretProtector protector) => new()
    {
        Id = Id,
        Name = Name,
        Topic = Topic,
        Endpoint = new Uri(Endpoint),
        Tags = Tags is null ? [] : JsonSerializer.Deserialize(Tags, WireJson.Default.StringArray)!,
        Ordered = Ordered != 0,
        MaxConcurrency = MaxConcurrency,
        Timeout = ProducerRow.Milliseconds(TimeoutMs),
        RetryScheduleSeconds = RetrySchedule is null ? null : JsonSerializer.Deserialize(RetrySchedule, WireJson.Default.DoubleArray),
        Secrets = StoredSecrets.Unprotect(protector, this),
        State = (SubscriptionState)State,
        PausedReason = PausedReason,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
    };
}
