using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Messages;

/// <summary>One thing that happened to a message; only the fields of its kind are present.</summary>
public sealed record TimelineEvent
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>prepared</c>, <c>checkBack</c>, <c>parked</c>, <c>committed</c>, <c>rolledBack</c>, <c>deliveryAttempt</c>,
    /// <c>deadLettered</c>, <c>discarded</c> or <c>operatorAction</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Delivery events, and operator actions on one: the subscription.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subscription { get; init; }

    /// <summary>Attempts: which try it was, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Attempt { get; init; }

    /// <summary>Attempts: where the request went.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>Attempts: the HTTP status, if there was an answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Status { get; init; }

    /// <summary>Attempts: how long it took, in seconds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LatencySeconds { get; init; }

    /// <summary>Check-backs: <c>commit</c>, <c>rollback</c>, <c>unknown</c> or <c>unreachable</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Answer { get; init; }

    /// <summary>Delivery attempts: <c>delivered</c>, or where it failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Outcome { get; init; }

    /// <summary>Attempts: what went wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>Verdicts: <c>producer</c>, <c>checkBack</c> or <c>operator</c>. Operator actions: who.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    /// <summary>Operator actions: what was done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Action { get; init; }

    /// <summary>Verdicts and operator actions: why.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
