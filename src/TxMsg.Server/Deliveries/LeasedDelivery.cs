using TxMsg.Server.Transactions;

namespace TxMsg.Server.Deliveries;

/// <summary>A delivery that this node holds the lease of.</summary>
public sealed class LeasedDelivery
{
    private long leaseToken;
    private long leasedUntil;

    public long Id { get; set; }

    public required long MessageSeq { get; init; }

    public required Guid MessageId { get; init; }

    public required long ProducerId { get; init; }

    public required long SubscriptionId { get; init; }

    public required string Topic { get; init; }

    public string? Key { get; init; }

    public string? Tag { get; init; }

    public string? OrderingKey { get; init; }

    /// <summary>The ordering key, where the subscription goes by it.</summary>
    public string? LaneKey { get; init; }

    /// <summary>Whether this node took it on as it finished the one before in its lane: then others are likely to wait behind it.</summary>
    public bool IsSuccessor { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CommittedAt { get; init; }

    /// <summary>Attempts made before this lease.</summary>
    public int Attempts { get; init; }

    /// <summary>How many of them were made before the schedule began anew.</summary>
    public int ScheduleStart { get; init; }

    /// <summary>Fences off an older holder; another one when this node has taken the delivery again.</summary>
    public required long LeaseToken
    {
        get => Interlocked.Read(ref leaseToken);
        set => Interlocked.Exchange(ref leaseToken, value);
    }

    /// <summary>Set once it is given back untried: whoever claims it then begins anew.</summary>
    public bool IsGivenBack { get; set; }

    /// <summary>How much of the node's memory for contents it takes, in bytes.</summary>
    public int HeldBytes { get; init; }

    /// <summary>The content, if it need not be read.</summary>
    public MessageContent? Content { get; set; }

    /// <summary>Unix milliseconds; moved on while the lease is renewed.</summary>
    public required long LeasedUntil
    {
        get => Interlocked.Read(ref leasedUntil);
        set => Interlocked.Exchange(ref leasedUntil, value);
    }
}
