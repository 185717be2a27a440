namespace TxMsg.Server.Nodes.Health;

/// <summary>A row of <c>endpoint_health</c> with what is known of its node, which may be gone.</summary>
public sealed class StoredHealth
{
    public int Kind { get; init; }

    public long SubjectId { get; init; }

    public byte[] NodeId { get; init; } = [];

    public long? LastSuccessAt { get; init; }

    public long? LastFailureAt { get; init; }

    public int? LastStatus { get; init; }

    public string? LastError { get; init; }

    public string? Recent { get; init; }

    public long? CircuitUntil { get; init; }

    public long? BeatMs { get; init; }

    public long? HeartbeatAt { get; init; }

    public long? StoppedAt { get; init; }

    /// <summary>What counts of it: the circuit was that of the process, and ends with it.</summary>
    public HealthRow ToRow(long now) => new()
    {
        Kind = Kind,
        SubjectId = SubjectId,
        LastSuccessAt = LastSuccessAt,
        LastFailureAt = LastFailureAt,
        LastStatus = LastStatus,
        LastError = LastError,
        Recent = Recent,
        CircuitUntil = HeartbeatAt is { } heartbeatAt && NodeRow.IsAlive(StoppedAt, heartbeatAt, BeatMs ?? 0, now) ? CircuitUntil : null,
    };
}
