using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Operations;

/// <summary>A process of the coordinator. Each start is a node of its own.</summary>
public sealed record NodeResource
{
    /// <summary>Its id, made when it started.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name: <c>TxMsg:Nodes:Name</c>, or that of the machine.</summary>
    public required string Name { get; init; }

    /// <summary>The version of TxMsg that it runs.</summary>
    public required string Version { get; init; }

    /// <summary>The address it was configured to announce (<c>TxMsg:Nodes:Address</c>), or those where it listens.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was last heard of.</summary>
    public required DateTimeOffset HeartbeatAt { get; init; }

    /// <summary><c>alive</c>; <c>silent</c> when it missed several heartbeats; <c>stopped</c> when it said so.</summary>
    public required string State { get; init; }
}
