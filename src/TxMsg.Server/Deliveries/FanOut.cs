using Microsoft.Extensions.Options;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Writes one delivery for each subscription that a committed message matches, in the transaction of the commit.
/// What this node has room for is leased to it at once, so that it is sent without another write.</summary>
public sealed class FanOut(RegistryCache registry, OutletDirectory outlets, OrderingLanes lanes, IOptions<DeliveryOptions> options, TimeProvider time)
{
    private static readonly BatchStatement<Planned> InsertDeliveries = new(
        "InsertDeliveries", "dbo.delivery_rows",
        [
            new("message_seq", BatchColumnType.Int64), new("subscription_id", BatchColumnType.Int64), new("ordering_key", BatchColumnType.Text, 256),
            new("state", BatchColumnType.Int32), new("due_at", BatchColumnType.Int64), new("lease_token", BatchColumnType.Int64),
        ],
        static (row, write) =>
        {
            write.Int64(row.Message.Seq);
            write.Int64(row.Subscription.Id);
            write.Text(row.LaneKey);
            write.Int32((int)row.State);
            write.Int64(row.DueAt);
            write.Int64(row.Leased?.LeaseToken);
        });

    // Rows of one transaction, a tenth of a second's: all callers wait for it.
    private const int MaxPlanned = 8_192;

    private readonly List<Planned> planned = [];
    private readonly Dictionary<(long Seq, long SubscriptionId), Planned> byKey = [];

    /// <summary>Fans the messages out. Only the committer's thread calls it.</summary>
    /// <exception cref="BatchTooLargeException">Several messages have more deliveries than one transaction is to write.</exception>
    public void Write(WriteSession session, IReadOnlyList<CommittedMessage> messages)
    {
        planned.Clear();
        byKey.Clear();
        var snapshot = registry.Of(session.ReadInt64("ReadRegistryVersion"));
        foreach (var message in messages)
        {
            foreach (var subscription in snapshot.SubscriptionsOf(message.Topic))
                if (subscription.Wants(message.Tag)) planned.Add(new Planned(message, subscription));
            if (planned.Count > MaxPlanned && messages.Count > 1) throw new BatchTooLargeException();
        }

        if (planned.Count == 0) return;
        lanes.Queue(session, planned);
        Lease();
        session.Query(InsertDeliveries, planned, row => NoteId(byKey[(row.Int64(1), row.Int64(2))], row.Int64(0)));
        lanes.NoteHeads(session, planned);
    }

    private void Lease()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)options.Value.Lease.TotalMilliseconds;
        var token = LeaseToken.New();
        foreach (var row in planned)
        {
            byKey[(row.Message.Seq, row.Subscription.Id)] = row;
            row.Plan(now, until, token, outlets);
        }
    }

    private static void NoteId(Planned row, long id)
    {
        row.Id = id;
        if (row.Leased is not null) row.Leased.Id = id;
    }

    /// <summary>A delivery that is about to be written.</summary>
    internal sealed class Planned(CommittedMessage message, Subscription subscription)
    {
        public CommittedMessage Message { get; } = message;

        public Subscription Subscription { get; } = subscription;

        public string? LaneKey { get; } = subscription.Ordered ? OrderingLanes.LaneKeyOf(message.OrderingKey) : null;

        /// <summary>Another delivery of its ordering key goes first.</summary>
        public bool IsBehind { get; set; }

        public long Id { get; set; }

        public DeliveryState State { get; private set; }

        public long DueAt { get; private set; }

        public LeasedDelivery? Leased { get; private set; }

        public void Plan(long now, long until, long token, OutletDirectory outlets)
        {
            var outlet = IsBehind || Message.DelayMs > 0 ? null : outlets.TryReserve(Subscription, isNew: true);
            State = outlet is null ? DeliveryState.Pending : DeliveryState.Leased;
            DueAt = IsBehind ? OrderingLanes.Behind : outlet is null ? Message.CommittedAt + Message.DelayMs : until;
            if (outlet is not null) Leased = MakeLeased(until, token, outlets.HoldContent(Message.Content));
            Message.FannedOut.Add(new FannedOut.Way(Subscription, State, DueAt, Leased, outlet));
        }

        private LeasedDelivery MakeLeased(long until, long token, int heldBytes) => new()
        {
            MessageSeq = Message.Seq,
            MessageId = Message.Id,
            ProducerId = Message.ProducerId,
            SubscriptionId = Subscription.Id,
            Topic = Message.Topic,
            Key = Message.Key,
            Tag = Message.Tag,
            OrderingKey = Message.OrderingKey,
            LaneKey = LaneKey,
            TraceParent = Message.TraceParent,
            CommittedAt = Message.CommittedAt,
            LeaseToken = token,
            LeasedUntil = until,
            HeldBytes = heldBytes,
            Content = heldBytes > 0 ? Message.Content : null,
        };
    }
}
