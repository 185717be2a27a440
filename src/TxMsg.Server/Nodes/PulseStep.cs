using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Observability.History;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Nodes;

/// <summary>Writes heartbeats, and what comes with them: on SQL Server a round trip for each set. They are rows of this node alone, so nobody
/// waits for them, and they ride along with what is written anyway.</summary>
public sealed class PulseStep : WriteStep<PulseOperation>
{
    private static readonly BatchStatement<NodeRow> BeatNodes = new(
        "BeatNodes", "dbo.node_rows",
        [
            new("id", BatchColumnType.Binary, 16), new("name", BatchColumnType.Text, 128), new("version", BatchColumnType.Text, 64),
            new("addresses", BatchColumnType.Text, 2000), new("beat_ms", BatchColumnType.Int64), new("started_at", BatchColumnType.Int64),
            new("heartbeat_at", BatchColumnType.Int64), new("stopped_at", BatchColumnType.Int64),
        ],
        static (row, write) =>
        {
            write.Binary(row.Id);
            write.Text(row.Name);
            write.Text(row.Version);
            write.Text(row.Addresses);
            write.Int64(row.BeatMs);
            write.Int64(row.StartedAt);
            write.Int64(row.HeartbeatAt);
            write.Int64(row.StoppedAt);
        });

    private static readonly BatchStatement<(byte[] NodeId, MinuteRow Minute)> SaveMinuteStats = new(
        "SaveMinuteStats", "dbo.minute_stats_rows",
        [
            new("minute_at", BatchColumnType.Int64), new("node_id", BatchColumnType.Binary, 16), new("prepared", BatchColumnType.Int64),
            new("committed", BatchColumnType.Int64), new("rolled_back", BatchColumnType.Int64), new("delivered", BatchColumnType.Int64),
            new("failed", BatchColumnType.Int64), new("dead_lettered", BatchColumnType.Int64), new("latencies", BatchColumnType.Text, 2000),
        ],
        static (row, write) =>
        {
            write.Int64(row.Minute.MinuteAt);
            write.Binary(row.NodeId);
            write.Int64(row.Minute.Prepared);
            write.Int64(row.Minute.Committed);
            write.Int64(row.Minute.RolledBack);
            write.Int64(row.Minute.Delivered);
            write.Int64(row.Minute.Failed);
            write.Int64(row.Minute.DeadLettered);
            write.Text(row.Minute.Latencies);
        });

    private static readonly BatchStatement<(byte[] NodeId, HealthRow Health)> SaveEndpointHealth = new(
        "SaveEndpointHealth", "dbo.endpoint_health_rows",
        [
            new("kind", BatchColumnType.Int32), new("subject_id", BatchColumnType.Int64), new("node_id", BatchColumnType.Binary, 16),
            new("last_success_at", BatchColumnType.Int64), new("last_failure_at", BatchColumnType.Int64), new("last_status", BatchColumnType.Int32),
            new("last_error", BatchColumnType.Text, 1000), new("recent", BatchColumnType.Text, 1000), new("circuit_until", BatchColumnType.Int64),
        ],
        static (row, write) =>
        {
            write.Int32(row.Health.Kind);
            write.Int64(row.Health.SubjectId);
            write.Binary(row.NodeId);
            write.Int64(row.Health.LastSuccessAt);
            write.Int64(row.Health.LastFailureAt);
            write.Int32(row.Health.LastStatus);
            write.Text(row.Health.LastError);
            write.Text(row.Health.Recent);
            write.Int64(row.Health.CircuitUntil);
        });

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<PulseOperation> operations)
    {
        foreach (var operation in operations)
        {
            var id = operation.Node.Id;
            session.Execute(BeatNodes, [operation.Node]);
            session.Execute(SaveMinuteStats, operation.Minutes.Select(minute => (id, minute)).ToArray());
            session.Execute(SaveEndpointHealth, operation.Health.Select(health => (id, health)).ToArray());
            operation.Result = true;
        }
    }
}
