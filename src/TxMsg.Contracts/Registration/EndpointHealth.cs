using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Registration;

/// <summary>How an endpoint has answered lately, over all nodes. Other nodes' part of it is some seconds old.</summary>
public sealed record EndpointHealth
{
    /// <summary>When an attempt last succeeded; of a producer: when it last answered a check-back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>When an attempt last failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>The HTTP status of that failure, if there was an answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LastStatus { get; init; }

    /// <summary>What went wrong then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastError { get; init; }

    /// <summary>Attempts of the last hour, give or take five minutes.</summary>
    public required long AttemptsLastHour { get; init; }

    /// <summary>How many of them failed.</summary>
    public required long FailuresLastHour { get; init; }

    /// <summary>The part of them that failed, from 0 to 1; none where there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FailureRate { get; init; }

    /// <summary><c>closed</c>; <c>open</c> while a node leaves the endpoint alone; <c>halfOpen</c> when that is over and nobody has answered yet.</summary>
    public required string Circuit { get; init; }

    /// <summary>Until when the endpoint is left alone, while the circuit is open.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? OpenUntil { get; init; }
}
