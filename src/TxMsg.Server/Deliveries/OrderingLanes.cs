using Microsoft.Extensions.Options;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Lets deliveries of one ordering key to an ordered subscription go one at a time, in commit order. The lane's row names
/// the head; the others wait behind it at the end of time. Whoever adds to a lane or finishes its head updates the row first,
/// so that the two never miss each other, on any node and at any isolation level.</summary>
public sealed class OrderingLanes(IOptions<DeliveryOptions> options, TimeProvider time)
{
    /// <summary>The due time of a delivery that waits behind its lane's head: 9999-12-31, in Unix milliseconds.</summary>
    public const long Behind = 253_402_300_799_999;

    private const int MaxTouches = 10;

    private static readonly BatchColumn[] LaneColumns =
        [new("subscription_id", BatchColumnType.Int64), new("ordering_key", BatchColumnType.Text, 256), new("now", BatchColumnType.Int64)];

    private static readonly BatchStatement<Lane> TouchLanes = new("TouchOrderingLanes", "dbo.lane_rows", LaneColumns, WriteLane);
    private static readonly BatchStatement<Lane> AdvanceLanes = new("AdvanceOrderingLanes", "dbo.lane_rows", LaneColumns, WriteLane);
    private static readonly BatchStatement<Lane> PromoteHeads = new("PromoteOrderingHeads", "dbo.lane_rows", LaneColumns, WriteLane);
    private static readonly BatchStatement<Lane> DropEmptyLanes = new("DropEmptyOrderingLanes", "dbo.lane_rows", LaneColumns, WriteLane);

    private static readonly BatchStatement<FanOut.Planned> SetHeads = new(
        "SetOrderingHeads", "dbo.lane_head_rows",
        [new("subscription_id", BatchColumnType.Int64), new("ordering_key", BatchColumnType.Text, 256), new("head_delivery_id", BatchColumnType.Int64)],
        static (row, write) =>
        {
            write.Int64(row.Subscription.Id);
            write.Text(row.LaneKey);
            write.Int64(row.Id);
        });

    private static readonly BatchColumn[] SuccessionColumns =
    [
        new("subscription_id", BatchColumnType.Int64), new("ordering_key", BatchColumnType.Text, 256), new("now", BatchColumnType.Int64),
        new("leased_until", BatchColumnType.Int64), new("lease_token", BatchColumnType.Int64),
    ];

    private static readonly BatchStatement<Succession> LeaseHeads = new("LeaseOrderingHeads", "dbo.lane_lease_rows", SuccessionColumns, WriteSuccession);
    private static readonly BatchStatement<Succession> ListLeasedHeads = new("ListLeasedHeads", "dbo.lane_lease_rows", SuccessionColumns, WriteSuccession);

    /// <summary>The name of an ordering key's lane. Some databases take a space at the end for nothing; the control character
    /// in its place stands in no key.</summary>
    internal static string? LaneKeyOf(string? orderingKey)
    {
        if (orderingKey is null || !orderingKey.EndsWith(' ')) return orderingKey;
        var trimmed = orderingKey.TrimEnd(' ');
        return trimmed + new string('\u0001', orderingKey.Length - trimmed.Length);
    }

    /// <summary>Locks the lanes of deliveries that are about to be written, and marks those that another one precedes.</summary>
    internal void Queue(WriteSession session, IReadOnlyList<FanOut.Planned> planned)
    {
        var ordered = planned.Where(row => row.LaneKey is not null).ToList();
        if (ordered.Count == 0) return;
        var headed = new HashSet<(long, string)>();
        Touch(session, Distinct(ordered.Select(row => (row.Subscription.Id, row.LaneKey!))), headed);
        foreach (var row in ordered) row.IsBehind = !headed.Add((row.Subscription.Id, row.LaneKey!));
    }

    /// <summary>Names the heads of lanes that had none.</summary>
    internal void NoteHeads(WriteSession session, IReadOnlyList<FanOut.Planned> planned)
    {
        var heads = planned.Where(row => row.LaneKey is not null && !row.IsBehind).ToList();
        if (heads.Count > 0) session.Execute(SetHeads, heads);
    }

    /// <summary>Locks lanes whose heads are about to finish: before their deliveries, as everyone does.</summary>
    internal IReadOnlyList<Lane> Lock(WriteSession session, IEnumerable<(long SubscriptionId, string Key)> lanes)
    {
        var distinct = Distinct(lanes);
        if (distinct.Count > 0) Touch(session, distinct, []);
        return distinct;
    }

    // A lane that another node has just dropped is neither found nor made where the database ignores lock hints: once more.
    private static void Touch(WriteSession session, IReadOnlyList<Lane> lanes, HashSet<(long SubscriptionId, string Key)> headed)
    {
        var touched = new HashSet<(long, string)>();
        var missing = lanes;
        for (var attempt = 1; missing.Count > 0; attempt++)
        {
            if (attempt > MaxTouches) throw new InvalidOperationException($"{missing.Count} ordering lanes cannot be locked.");
            session.Query(TouchLanes, missing, row =>
            {
                var lane = (row.Int64(0), row.Text(1)!);
                touched.Add(lane);
                if (!row.IsNull(2)) headed.Add(lane);
            });
            missing = missing.Where(lane => !touched.Contains((lane.SubscriptionId, lane.Key))).ToArray();
        }
    }

    /// <summary>The next delivery of each lane becomes its head and due; a lane with none goes.</summary>
    internal void Advance(WriteSession session, IReadOnlyList<Lane> lanes)
    {
        if (lanes.Count == 0) return;
        session.Execute(AdvanceLanes, lanes);
        session.Execute(PromoteHeads, lanes);
        session.Execute(DropEmptyLanes, lanes);
    }

    /// <summary>Leases the new heads to this node, which finished those before: nobody has to find them.</summary>
    internal void LeaseNext(WriteSession session, IReadOnlyList<DeliveryResult> finished)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)options.Value.Lease.TotalMilliseconds;
        var successions = finished.Where(result => result.NextToken is not null).ToDictionary(result => result.NextToken!.Value, result => new Succession(result, now, until));
        if (successions.Count == 0) return;
        var rows = successions.Values.ToArray();
        session.Execute(LeaseHeads, rows);
        session.Query(ListLeasedHeads, rows, row => successions[row.Int64(0)].Note(row));
    }

    // In one order, so that two transactions never wait for each other.
    private List<Lane> Distinct(IEnumerable<(long SubscriptionId, string Key)> lanes)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return lanes.Distinct().OrderBy(lane => lane.SubscriptionId).ThenBy(lane => lane.Key, StringComparer.Ordinal)
            .Select(lane => new Lane(lane.SubscriptionId, lane.Key, now)).ToList();
    }

    private static void WriteLane(Lane lane, ColumnWriter write)
    {
        write.Int64(lane.SubscriptionId);
        write.Text(lane.Key);
        write.Int64(lane.Now);
    }

    private static void WriteSuccession(Succession row, ColumnWriter write)
    {
        write.Int64(row.Result.Delivery.SubscriptionId);
        write.Text(row.Result.Delivery.LaneKey);
        write.Int64(row.Now);
        write.Int64(row.LeasedUntil);
        write.Int64(row.Result.NextToken);
    }

    private sealed record Succession(DeliveryResult Result, long Now, long LeasedUntil)
    {
        public void Note(ResultRow row) => Result.Next = new LeasedDelivery
        {
            Id = row.Int64(1),
            MessageSeq = row.Int64(2),
            Attempts = (int)row.Int64(3),
            ScheduleStart = (int)row.Int64(4),
            MessageId = row.Id(5),
            ProducerId = row.Int64(6),
            Topic = row.Text(7)!,
            Key = row.Text(8),
            Tag = row.Text(9),
            OrderingKey = row.Text(10),
            TraceParent = row.Text(11),
            CommittedAt = row.Int64(12),
            SubscriptionId = Result.Delivery.SubscriptionId,
            LaneKey = Result.Delivery.LaneKey,
            LeaseToken = Result.NextToken!.Value,
            LeasedUntil = LeasedUntil,
            IsSuccessor = true,
        };
    }

    internal sealed record Lane(long SubscriptionId, string Key, long Now);
}
