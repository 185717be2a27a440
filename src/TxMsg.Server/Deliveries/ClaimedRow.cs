namespace TxMsg.Server.Deliveries;

/// <summary>A delivery that a claim has leased, with what is sent of its message.</summary>
internal sealed class ClaimedRow
{
    public long Id { get; init; }

    public long MessageSeq { get; init; }

    public long SubscriptionId { get; init; }

    public string? LaneKey { get; init; }

    public int Attempts { get; init; }

    public int ScheduleStart { get; init; }

    public byte[] MessageId { get; init; } = [];

    public long ProducerId { get; init; }

    public string Topic { get; init; } = "";

    public string? Key { get; init; }

    public string? Tag { get; init; }

    public string? OrderingKey { get; init; }

    public string? TraceParent { get; init; }

    public long CommittedAt { get; init; }

    public LeasedDelivery ToLeased(ClaimOperation claim) => new()
    {
        Id = Id,
        MessageSeq = MessageSeq,
        MessageId = new Guid(MessageId, bigEndian: true),
        ProducerId = ProducerId,
        SubscriptionId = SubscriptionId,
        Topic = Topic,
        Key = Key,
        Tag = Tag,
        OrderingKey = OrderingKey,
        LaneKey = LaneKey,
        TraceParent = TraceParent,
        CommittedAt = CommittedAt,
        Attempts = Attempts,
        ScheduleStart = ScheduleStart,
        LeaseToken = claim.Token,
        LeasedUntil = claim.LeasedUntil,
    };
}
