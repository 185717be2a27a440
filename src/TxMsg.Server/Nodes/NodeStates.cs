namespace TxMsg.Server.Nodes;

/// <summary>The states of nodes in JSON.</summary>
public static class NodeStates
{
    /// <summary>It was heard of lately.</summary>
    public const string Alive = "alive";

    /// <summary>It missed several heartbeats.</summary>
    public const string Silent = "silent";

    /// <summary>It said so.</summary>
    public const string Stopped = "stopped";
}
