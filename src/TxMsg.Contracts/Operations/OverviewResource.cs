using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Operations;

/// <summary>Answer of <c>GET /v1/overview</c>: the state of the system at a glance.</summary>
public sealed record OverviewResource
{
    /// <summary>When it was read.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What is in the store, and what waits for each subscription.</summary>
    public required StatsResource Stats { get; init; }

    /// <summary>The active alerts, oldest first.</summary>
    public required IReadOnlyList<AlertResource> Alerts { get; init; }

    /// <summary>The nodes, the last heard of first.</summary>
    public required IReadOnlyList<NodeResource> Nodes { get; init; }

    /// <summary>The half message that has waited longest for its verdict; none where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HalfMessageResource? OldestHalfMessage { get; init; }
}
