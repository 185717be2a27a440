using TxMsg.Contracts.Operations;
using TxMsg.Server.Alerts;
using TxMsg.Server.Nodes;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Observability;

/// <summary>All that the overview shows but its charts: read once for all tabs that are open, and at most some seconds old.</summary>
public sealed class OverviewReader
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(2);

    private readonly SharedRead<OverviewResource> read;
    private readonly StoreDatabase database;
    private readonly StatsCache stats;
    private readonly AlertReader alerts;
    private readonly NodeReader nodes;

    /// <summary>Reads nothing yet.</summary>
    public OverviewReader(StoreDatabase database, StatsCache stats, AlertReader alerts, NodeReader nodes, TimeProvider time)
    {
        (this.database, this.stats, this.alerts, this.nodes) = (database, stats, alerts, nodes);
        read = new SharedRead<OverviewResource>(ReadNowAsync, KeptFor, time);
    }

    /// <summary>The overview.</summary>
    public Task<OverviewResource> ReadAsync(CancellationToken cancellationToken) => read.GetAsync(cancellationToken);

    private async Task<OverviewResource> ReadNowAsync()
    {
        var sample = await stats.GetAsync(fresh: false, CancellationToken.None);
        return new OverviewResource
        {
            At = sample.At,
            Stats = StatsEndpoint.ToResource(sample),
            Alerts = await alerts.ListAsync(CancellationToken.None),
            Nodes = await nodes.ListAsync(CancellationToken.None),
            OldestHalfMessage = sample.Undecided.OldestPreparedAt is { } at ? await FindHalfMessageAsync(at) : null,
        };
    }

    // None when it has been decided since.
    private async Task<HalfMessageResource?> FindHalfMessageAsync(long at)
    {
        var row = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<HalfMessageRow>("FindHalfMessageOfTime", new { at }));
        return row is null ? null : new HalfMessageResource
        {
            Id = new Guid(row.Id, bigEndian: true),
            Producer = row.Producer,
            Topic = row.Topic,
            PreparedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.PreparedAt),
        };
    }

    private sealed class HalfMessageRow
    {
        public byte[] Id { get; init; } = [];

        public string Producer { get; init; } = "";

        public string Topic { get; init; } = "";

        public long PreparedAt { get; init; }
    }
}
