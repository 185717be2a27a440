using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Testing;

/// <summary>A registered producer.</summary>
internal sealed class ProducerEntry(string name, ProducerRequest request, DateTimeOffset now)
{
    private static readonly TimeSpan DefaultCheckBackAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultGiveUpAfter = TimeSpan.FromHours(72);
    private const int DefaultMaxUnknownAnswers = 15;

    private ProducerRequest request = request;
    private DateTimeOffset? updatedAt;

    public string Name { get; } = name;

    public SigningSecrets Secrets { get; } = new(request.Secret);

    public TimeSpan CheckBackAfter => TimeSpan.FromSeconds(request.CheckBackAfterSeconds ?? DefaultCheckBackAfter.TotalSeconds);

    public TimeSpan GiveUpAfter => TimeSpan.FromSeconds(request.GiveUpAfterSeconds ?? DefaultGiveUpAfter.TotalSeconds);

    public int MaxUnknownAnswers => request.MaxUnknownAnswers ?? DefaultMaxUnknownAnswers;

    /// <summary>Whether its secret has changed.</summary>
    public bool Update(ProducerRequest changed, DateTimeOffset at)
    {
        (request, updatedAt) = (changed, at);
        return Secrets.Rotate(changed.Secret, at);
    }

    public ProducerResource ToResource(bool withSecret) => new()
    {
        Name = Name,
        CheckBackUrl = request.CheckBackUrl,
        CheckBackAfterSeconds = CheckBackAfter.TotalSeconds,
        MaxUnknownAnswers = MaxUnknownAnswers,
        GiveUpAfterSeconds = GiveUpAfter.TotalSeconds,
        Secret = withSecret ? Secrets.Current : null,
        CreatedAt = now,
        UpdatedAt = updatedAt ?? now,
    };
}

/// <summary>A registered subscription.</summary>
internal sealed class SubscriptionEntry(string name, SubscriptionRequest request, DateTimeOffset now)
{
    private const int DefaultMaxConcurrency = 16;
    private const double DefaultTimeoutSeconds = 15;
    private static readonly double[] DefaultSchedule = [10, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 1200, 1800, 3600, 7200];

    private SubscriptionRequest request = request;
    private DateTimeOffset? updatedAt;

    public string Name { get; } = name;

    public SigningSecrets Secrets { get; } = new(request.Secret);

    public bool IsOrdered => request.Ordered == true;

    public IReadOnlyList<double> Schedule => request.RetryScheduleSeconds ?? DefaultSchedule;

    /// <summary>Why nothing is sent to it; null when it is active.</summary>
    public string? PausedReason { get; set; }

    public bool Wants(Message message) =>
        request.Topic == message.Topic && (request.Tags is not { Count: > 0 } tags || (message.Tag is { } tag && tags.Contains(tag, StringComparer.Ordinal)));

    /// <summary>Whether its secret has changed.</summary>
    public bool Update(SubscriptionRequest changed, DateTimeOffset at)
    {
        (request, updatedAt) = (changed, at);
        return Secrets.Rotate(changed.Secret, at);
    }

    public SubscriptionResource ToResource(bool withSecret, long pending, long deadLettered) => new()
    {
        Name = Name,
        Topic = request.Topic,
        Endpoint = request.Endpoint,
        Tags = request.Tags ?? [],
        Ordered = IsOrdered,
        MaxConcurrency = request.MaxConcurrency ?? DefaultMaxConcurrency,
        TimeoutSeconds = request.TimeoutSeconds ?? DefaultTimeoutSeconds,
        RetryScheduleSeconds = Schedule,
        State = PausedReason is null ? "active" : "paused",
        PausedReason = PausedReason,
        Pending = pending,
        Leased = 0,
        DeadLettered = deadLettered,
        Secret = withSecret ? Secrets.Current : null,
        CreatedAt = now,
        UpdatedAt = updatedAt ?? now,
    };
}
