namespace TxMsg.Contracts.Operations;

/// <summary>Answer of <c>GET /v1/stats/history</c>: what all nodes counted, step by step. The last step is still under way, and what a
/// node has counted in its last seconds is not in it yet.</summary>
public sealed record StatsHistory
{
    /// <summary>How long a step is: whole minutes.</summary>
    public required int StepSeconds { get; init; }

    /// <summary>Every step, oldest first; zeros where nothing happened.</summary>
    public required IReadOnlyList<StatsPoint> Points { get; init; }
}
