using TxMsg.Contracts.Operations;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Undecided;

/// <summary>Reads what waits for a verdict: by producer, and one by one, oldest first.</summary>
public sealed class UndecidedReader
{
    // Whether a message was asked about stands in its row: so many of a producer are read.
    private const int AskedLimit = 10_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(3);

    private readonly SharedRead<IReadOnlyList<UndecidedProducer>> summary;
    private readonly StoreDatabase database;
    private readonly RegistryCache registry;
    private readonly TimeProvider time;

    /// <summary>Reads nothing yet.</summary>
    public UndecidedReader(StoreDatabase database, RegistryCache registry, TimeProvider time)
    {
        (this.database, this.registry, this.time) = (database, registry, time);
        summary = new SharedRead<IReadOnlyList<UndecidedProducer>>(SummarizeNowAsync, KeptFor, time);
    }

    /// <summary>Producers with undecided messages, those with parked ones first; what was read a few seconds ago is good enough.</summary>
    public Task<IReadOnlyList<UndecidedProducer>> SummarizeAsync(CancellationToken cancellationToken) =>
        summary.GetAsync(cancellationToken);

    /// <summary>The same, read now.</summary>
    internal Task<IReadOnlyList<UndecidedProducer>> SummarizeNowAsync()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.ReadAsync<IReadOnlyList<UndecidedProducer>>(async connection =>
        {
            var prepared = (await connection.QueryAsync<PreparedCounts>("CountPreparedByProducer", new { now })).ToDictionary(row => row.ProducerId);
            var parked = (await connection.QueryAsync<ParkedCounts>("CountParkedByProducer")).ToDictionary(row => row.SubjectId);
            var found = new List<UndecidedProducer>();
            foreach (var id in prepared.Keys.Union(parked.Keys))
            {
                if (registry.Current.FindProducer(id) is not { } producer) continue;
                var counts = prepared.GetValueOrDefault(id) ?? new PreparedCounts();
                var asked = counts.Prepared > counts.Due
                    ? await connection.QuerySingleAsync<AskedCounts>("CountAskedMessages", new { producerId = id, now, limit = AskedLimit })
                    : new AskedCounts();
                found.Add(ToResource(producer, counts, asked, parked.GetValueOrDefault(id), now));
            }

            return found.OrderByDescending(row => row.Parked).ThenByDescending(row => row.PastFirstCheck).ThenBy(row => row.Producer, StringComparer.Ordinal).ToArray();
        });
    }

    /// <summary>A page of undecided messages, oldest first.</summary>
    public async Task<UndecidedList> ListAsync(UndecidedQuery query, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var parameters = new
        {
            prepared = query.State is null or MessageState.Prepared ? 1 : 0,
            parked = query.State is null or MessageState.Parked ? 1 : 0,
            producerFrom = query.ProducerId ?? 0,
            producerTo = query.ProducerId ?? long.MaxValue,
            preparedBefore = (now - query.OlderThan).ToUnixTimeMilliseconds(),
            afterTime = query.After.PreparedAt,
            afterSeq = query.After.Seq,
            pastFirstCheck = query.PastFirstCheck ? 1 : 0,
            now = now.ToUnixTimeMilliseconds(),
            limit = query.Limit + 1,
        };
        var rows = await database.ReadAsync(connection => connection.QueryAsync<MessageRow>("ListUndecidedOldestFirst", parameters), cancellationToken);
        var page = rows.Take(query.Limit).ToArray();
        return new UndecidedList
        {
            Items = page.Select(row => row.ToUndecided(registry.Current, parameters.now)).ToArray(),
            NextCursor = rows.Count > query.Limit ? new MessageCursor(page[^1].PreparedAt, page[^1].Seq).ToString() : null,
        };
    }

    private static UndecidedProducer ToResource(Producer producer, PreparedCounts prepared, AskedCounts asked, ParkedCounts? parked, long now) => new()
    {
        Producer = producer.Name,
        Prepared = prepared.Prepared,
        OldestPreparedAgeSeconds = Age(prepared.OldestPreparedAt, now),
        PastFirstCheck = prepared.Due + asked.Asked,
        OldestPastFirstCheckAgeSeconds = Age(Earliest(prepared.OldestDueAt, asked.OldestAskedAt), now),
        IsExact = asked.Examined < AskedLimit,
        Parked = parked?.Count ?? 0,
        OldestParkedAgeSeconds = Age(parked?.Since, now),
    };

    private static double? Age(long? since, long now) => since is { } start ? Math.Max(0, now - start) / 1000.0 : null;

    private static long? Earliest(long? one, long? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;

    private sealed class PreparedCounts
    {
        public long ProducerId { get; init; }

        public long Prepared { get; init; }

        public long? OldestPreparedAt { get; init; }

        public long Due { get; init; }

        public long? OldestDueAt { get; init; }
    }

    private sealed class AskedCounts
    {
        public long Examined { get; init; }

        public long Asked { get; init; }

        public long? OldestAskedAt { get; init; }
    }

    private sealed class ParkedCounts
    {
        public long SubjectId { get; init; }

        public long Count { get; init; }

        public long? Since { get; init; }
    }
}
