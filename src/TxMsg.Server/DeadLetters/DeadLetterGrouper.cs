using TxMsg.Contracts.Operations;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.DeadLetters;

/// <summary>Puts the newest dead letters together by what went wrong. All are counted, some are looked at: that costs the same
/// however many there are.</summary>
public sealed class DeadLetterGrouper
{
    /// <summary>So many of the newest of a subscription are looked at.</summary>
    public const int MaxOfASubscription = 10_000;

    // Over all subscriptions; each of them a share, but not so few that it would say nothing.
    private const int MaxInAll = 30_000;
    private const int MinOfASubscription = 200;
    private const int MaxGroups = 200;
    private const long AllSubscriptions = 0;

    private const int MostKept = 256;
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private readonly SharedReads<long, DeadLetterGroups> reads;
    private readonly StoreDatabase database;
    private readonly RegistryCache registry;

    /// <summary>Reads nothing yet.</summary>
    public DeadLetterGrouper(StoreDatabase database, RegistryCache registry, TimeProvider time)
    {
        (this.database, this.registry) = (database, registry);
        reads = new SharedReads<long, DeadLetterGroups>(id => ReadNowAsync(id == AllSubscriptions ? null : id), _ => KeptFor, MostKept, time);
    }

    /// <summary>The groups; what was read a few seconds ago is good enough.</summary>
    /// <param name="subscription">Whose; null: of all.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<DeadLetterGroups> ReadAsync(Subscription? subscription, CancellationToken cancellationToken) =>
        reads.GetAsync(subscription?.Id ?? AllSubscriptions, cancellationToken);

    /// <summary>The groups as they are now.</summary>
    internal Task<DeadLetterGroups> ReadNowAsync(long? subscriptionId) => database.ReadAsync(async connection =>
    {
        var counts = (await connection.QueryAsync<Total>("CountDeadLettersBySubscription"))
            .Select(row => (Subscription: registry.Current.FindSubscription(row.SubscriptionId), row.Count))
            .Where(row => row.Subscription is not null && (subscriptionId is null || row.Subscription.Id == subscriptionId))
            .OrderByDescending(row => row.Count)
            .ToArray();
        var share = Math.Clamp(MaxInAll / Math.Max(1, counts.Length), MinOfASubscription, MaxOfASubscription);
        var groups = new List<Group>();
        var totals = new List<DeadLetterTotal>();
        foreach (var (of, count) in counts)
        {
            var rows = await connection.QueryAsync<Dead>("ListNewestDeadLetters", new { subscriptionId = of!.Id, limit = share });
            groups.AddRange(Put(of.Name, rows));
            totals.Add(new DeadLetterTotal { Subscription = of.Name, Count = Math.Max(count, rows.Count), Grouped = rows.Count });
        }

        var shown = groups.OrderByDescending(group => group.Count).ThenByDescending(group => group.NewestAt).Take(MaxGroups).ToArray();
        var ids = await FindIdsAsync(connection, shown);
        return new DeadLetterGroups
        {
            Items = shown.Where(group => ids.ContainsKey(group.MessageSeq)).Select(group => group.ToContract(ids[group.MessageSeq])).ToArray(),
            Subscriptions = totals,
            IsComplete = shown.Length == groups.Count && totals.TrueForAll(total => total.Grouped == total.Count),
        };
    });

    private static IEnumerable<Group> Put(string subscription, IReadOnlyList<Dead> rows)
    {
        // Most texts come again and again: each is normalized once.
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var groups = new Dictionary<(int?, string), Group>();
        foreach (var row in rows)
        {
            if (!texts.TryGetValue(row.LastError ?? "", out var text)) texts.Add(row.LastError ?? "", text = ErrorText.Normalize(row.LastError));
            if (!groups.TryGetValue((row.LastStatus, text), out var group))
                groups.Add((row.LastStatus, text), group = new Group(subscription, row.LastStatus, text, row.MessageSeq) { OldestAt = row.FinishedAt, NewestAt = row.FinishedAt });
            group.Count++;
            group.OldestAt = Math.Min(group.OldestAt, row.FinishedAt);
            group.NewestAt = Math.Max(group.NewestAt, row.FinishedAt);
        }

        return groups.Values;
    }

    private static async Task<Dictionary<long, Guid>> FindIdsAsync(StoreConnection connection, Group[] groups) => groups.Length == 0
        ? []
        : (await connection.QueryAsync<MessageId>("ListMessageIds", new { seqs = groups.Select(group => group.MessageSeq).Distinct() }))
            .ToDictionary(row => row.Seq, row => new Guid(row.Id, bigEndian: true));

    private sealed class Group(string subscription, int? lastStatus, string error, long messageSeq)
    {
        public long MessageSeq { get; } = messageSeq;

        public long Count { get; set; }

        public long OldestAt { get; set; }

        public long NewestAt { get; set; }

        public DeadLetterGroup ToContract(Guid example) => new()
        {
            Subscription = subscription,
            LastStatus = lastStatus,
            Error = error,
            Count = Count,
            OldestAt = MessageRow.Time(OldestAt),
            NewestAt = MessageRow.Time(NewestAt),
            ExampleMessageId = example,
        };
    }

    private sealed class Total
    {
        public long SubscriptionId { get; init; }

        public long Count { get; init; }
    }

    private sealed class Dead
    {
        public long MessageSeq { get; init; }

        public int? LastStatus { get; init; }

        public string? LastError { get; init; }

        public long FinishedAt { get; init; }
    }

    private sealed class MessageId
    {
        public long Seq { get; init; }

        public byte[] Id { get; init; } = [];
    }
}
