using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Observability.History;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Nodes;

/// <summary>A heartbeat, with what was counted and seen since the one before.</summary>
public sealed class PulseOperation(NodeRow node) : WriteOperation<bool>
{
    /// <summary>The node as it is now.</summary>
    public NodeRow Node { get; } = node;

    /// <summary>The minutes that have changed.</summary>
    public IReadOnlyList<MinuteRow> Minutes { get; init; } = [];

    /// <summary>The endpoints that have changed.</summary>
    public IReadOnlyList<HealthRow> Health { get; init; } = [];
}
