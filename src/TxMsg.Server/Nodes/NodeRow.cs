namespace TxMsg.Server.Nodes;

/// <summary>A row of <c>nodes</c>; times are Unix milliseconds.</summary>
public sealed class NodeRow
{
    // So many heartbeats may be missed: a long pause of the process or of the store is no death.
    private const int Missed = 4;
    private const long ShortestSilenceMs = 15_000;

    public byte[] Id { get; init; } = [];

    public string Name { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary>A JSON array.</summary>
    public string? Addresses { get; init; }

    public long BeatMs { get; init; }

    public long StartedAt { get; init; }

    public long HeartbeatAt { get; init; }

    public long? StoppedAt { get; init; }

    /// <summary>Whether a node works: it has not said that it stopped, and was heard of lately.</summary>
    public static bool IsAlive(long? stoppedAt, long heartbeatAt, long beatMs, long now) => stoppedAt is null && now - heartbeatAt <= Math.Max(Missed * beatMs, ShortestSilenceMs);
}
