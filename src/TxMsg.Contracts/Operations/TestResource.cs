using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Operations;

/// <summary>What came of a test check-back or a test delivery. Nothing of it is kept but who sent it, and why.</summary>
public sealed record TestResource
{
    /// <summary>Whether a request went out. False when there was no connection, or none is allowed.</summary>
    public required bool Sent { get; init; }

    /// <summary>Where it went.</summary>
    public required string Url { get; init; }

    /// <summary>The HTTP status, if there was an answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Status { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>A check-back: <c>commit</c>, <c>rollback</c>, <c>unknown</c> or <c>unreachable</c>; for a message that it never sent a right
    /// producer answers <c>rollback</c>. A delivery: <c>delivered</c>, <c>refused</c>, or why there was no answer, as in <c>timedOut</c>.</summary>
    public required string Answer { get; init; }

    /// <summary>What is wrong, for a person; none when all is well.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }
}
