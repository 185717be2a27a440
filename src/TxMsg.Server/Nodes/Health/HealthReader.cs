using TxMsg.Server.Observability;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Nodes.Health;

/// <summary>Reads how endpoints have answered, over all nodes: of this node as it is now, of others as they last wrote it.</summary>
public sealed class HealthReader
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(2);

    private readonly SharedRead<IReadOnlyList<StoredHealth>> read;
    private readonly HealthCollector collector;
    private readonly NodeIdentity self;
    private readonly TimeProvider time;

    /// <summary>Reads nothing yet.</summary>
    public HealthReader(StoreDatabase database, HealthCollector collector, NodeIdentity self, TimeProvider time)
    {
        (this.collector, this.self, this.time) = (collector, self, time);
        read = new SharedRead<IReadOnlyList<StoredHealth>>(
            () => database.ReadAsync(connection => connection.QueryAsync<StoredHealth>("ListEndpointHealth")), KeptFor, time);
    }

    /// <summary>The health of all endpoints.</summary>
    public async Task<HealthMap> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await read.GetAsync(cancellationToken);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var others = stored.Where(row => !row.NodeId.AsSpan().SequenceEqual(self.Key)).Select(row => row.ToRow(now));
        return new HealthMap(others.Concat(collector.List()), now);
    }
}
