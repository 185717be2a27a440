using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Operations;

/// <summary>One thing that somebody did; only the fields that apply are present.</summary>
public sealed record AuditEntryResource
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who: <c>admin</c> (the configured key), <c>admin:{keyId}</c>, <c>producer:{name}</c>, <c>loopback</c> (anybody on that
    /// machine), <c>configuration</c> (what is declared there), or <c>txmsg</c> itself.</summary>
    public required string Actor { get; init; }

    /// <summary>What: <c>commit</c>, <c>rollback</c>, <c>checkBack</c>, <c>redeliver</c>, <c>retryNow</c> or <c>discard</c> of a message,
    /// <c>createProducer</c>, <c>pauseSubscription</c>, <c>deleteKey</c> and the like.</summary>
    public required string Action { get; init; }

    /// <summary>The message it was done to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? MessageId { get; init; }

    /// <summary>The producer it was done to, or whose key it was done to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Producer { get; init; }

    /// <summary>The subscription it was done to, or for which it was done to the message; also when it is deleted by now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subscription { get; init; }

    /// <summary>The reason that was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>More about it, such as <c>maxUnknownAnswers: default -> 3</c>; never a secret.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }
}
