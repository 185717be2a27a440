using System.Text.Json;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Http;
using TxMsg.Server.Observability;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Nodes;

/// <summary>Reads the nodes; their states are judged by this node's clock.</summary>
public sealed class NodeReader
{
    // A day of them is kept: only a process that crashes at every start has more.
    private const int MostNodes = 100;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly SharedRead<IReadOnlyList<NodeRow>> read;
    private readonly StoreDatabase database;
    private readonly NodeIdentity self;
    private readonly TimeProvider time;

    /// <summary>Reads nothing yet.</summary>
    public NodeReader(StoreDatabase database, NodeIdentity self, TimeProvider time)
    {
        (this.database, this.self, this.time) = (database, self, time);
        read = new SharedRead<IReadOnlyList<NodeRow>>(
            () => database.ReadAsync(connection => connection.QueryAsync<NodeRow>("ListNodes", new { limit = MostNodes })), KeptFor, time);
    }

    /// <summary>The nodes, the last heard of first.</summary>
    public async Task<IReadOnlyList<NodeResource>> ListAsync(CancellationToken cancellationToken) =>
        (await read.GetAsync(cancellationToken)).Select(ToResource).ToArray();

    private NodeResource ToResource(NodeRow row) => new()
    {
        Id = new Guid(row.Id, bigEndian: true),
        Name = row.Name,
        Version = row.Version,
        Addresses = row.Addresses is null ? null : JsonSerializer.Deserialize(row.Addresses, WireJson.Default.StringArray),
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.StartedAt),
        HeartbeatAt = DateTimeOffset.FromUnixTimeMilliseconds(row.HeartbeatAt),
        State = row.StoppedAt is not null ? NodeStates.Stopped : IsAlive(row) ? NodeStates.Alive : NodeStates.Silent,
    };

    // The embedded store serves one process at a time: whoever else is in it is gone.
    private bool IsAlive(NodeRow row) =>
        NodeRow.IsAlive(row.StoppedAt, row.HeartbeatAt, row.BeatMs, time.GetUtcNow().ToUnixTimeMilliseconds())
        && (database.IsShared || row.Id.AsSpan().SequenceEqual(self.Key));
}
