using TxMsg.Contracts.Operations;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Audit;

/// <summary>Reads what was done, newest first. A bulk redelivery leaves a row for each of a million messages, so a page never
/// looks at more than some thousands of rows: where few of many are wanted it may be short, and its cursor goes on.</summary>
public sealed class AuditReader(StoreDatabase database)
{
    /// <summary>Most rows that are looked at for a page.</summary>
    public const int MaxLookedAt = 5000;

    private const int ChunkOfSeveralWays = 500;
    private const int MaxSubscriptionsOfAName = 50;

    private delegate Task<IReadOnlyList<AuditRow>> Way(MessageCursor place, int limit);

    /// <summary>A page.</summary>
    public Task<AuditEntryList> ListAsync(AuditQuery query, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var ways = await WaysAsync(connection, query);
            var chunk = ways.Count == 1 ? query.Limit + 1 : ChunkOfSeveralWays;
            var found = new List<AuditRow>();
            var (place, lookedAt, isEnd) = (query.Start, 0, false);
            while (!isEnd && found.Count <= query.Limit && lookedAt < MaxLookedAt)
            {
                var rows = await NextAsync(ways, place, chunk);
                found.AddRange(rows.Where(query.Wants));
                (isEnd, lookedAt) = (rows.Count < chunk, lookedAt + chunk);
                if (!isEnd) place = PlaceOf(rows[^1]);
            }

            var next = found.Count > query.Limit ? PlaceOf(found[query.Limit - 1]) : isEnd ? (MessageCursor?)null : place;
            return new AuditEntryList { Items = found.Take(query.Limit).Select(row => row.ToResource()).ToArray(), NextCursor = next?.ToString() };
        },
        cancellationToken);

    // Each way leads past all that is wanted, and past other rows. The one that gets furthest in as many rows passes the fewest.
    private static async Task<IReadOnlyList<AuditRow>> NextAsync(IReadOnlyList<Way> ways, MessageCursor place, int limit)
    {
        IReadOnlyList<AuditRow>? furthest = null;
        foreach (var way in ways)
        {
            var rows = await way(place, limit);
            if (rows.Count < limit) return rows;
            if (furthest is null || rows[^1].At < furthest[^1].At) furthest = rows;
        }

        return furthest!;
    }

    // Those that lead past the fewest come first: the first that leads to the end is taken.
    private static async Task<IReadOnlyList<Way>> WaysAsync(StoreConnection connection, AuditQuery query)
    {
        var ways = new List<Way>();
        if (query.Message is { } message) ways.Add(By("ListAuditEntriesOfMessage", id: message.ToByteArray(bigEndian: true)));
        if (query.Producer is not null) ways.Add(By("ListAuditEntriesOfProducer"));
        if (query.Subscription is not null) ways.Add(Together(await EverNamedAsync(query.Subscription)));
        if (query.Actor is not null) ways.Add(By("ListAuditEntriesByActor"));
        if (query.Action is not null) ways.Add(By("ListAuditEntriesByAction"));
        return ways.Count > 0 ? ways : [By("ListAuditEntries")];

        Way By(string statement, long subscriptionId = 0, byte[]? id = null) => (place, limit) => connection.QueryAsync<AuditRow>(
            statement,
            new { from = query.From, beforeTime = place.PreparedAt, beforeId = place.Seq, limit, actor = query.Actor, action = query.Action, producer = query.Producer, subscriptionId, id });

        async Task<Way[]> EverNamedAsync(string name) =>
            (await connection.QueryAsync<long>("ListSubscriptionsEverNamed", new { name, limit = MaxSubscriptionsOfAName }))
            .Select(subscriptionId => By("ListAuditEntriesOfSubscription", subscriptionId)).ToArray();
    }

    // A name may have been another subscription's before.
    private static Way Together(Way[] ways) => async (place, limit) =>
    {
        var rows = new List<AuditRow>();
        foreach (var way in ways) rows.AddRange(await way(place, limit));
        return rows.OrderByDescending(row => row.At).ThenByDescending(row => row.Id).Take(limit).ToArray();
    };

    private static MessageCursor PlaceOf(AuditRow row) => new(row.At, row.Id);
}
