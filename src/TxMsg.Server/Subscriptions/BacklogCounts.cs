namespace TxMsg.Server.Subscriptions;

/// <summary>What waits for a subscription.</summary>
public sealed record BacklogCounts
{
    public long Pending { get; init; }

    public long Leased { get; init; }

    public long DeadLettered { get; init; }
}
