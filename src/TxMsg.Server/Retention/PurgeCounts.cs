namespace TxMsg.Server.Retention;

/// <summary>What a purge removed; what an operator reads beside the job.</summary>
public sealed record PurgeCounts
{
    /// <summary>Rolled-back messages.</summary>
    public long RolledBack { get; set; }

    /// <summary>Committed messages whose deliveries are all finished.</summary>
    public long Committed { get; set; }

    /// <summary>Dead letters given up because of their age.</summary>
    public long DeadLettersDiscarded { get; set; }

    /// <summary>Deliveries of deleted subscriptions given up.</summary>
    public long OrphansDiscarded { get; set; }

    /// <summary>Ordering lanes of deleted subscriptions.</summary>
    public long OrphanedLanes { get; set; }

    /// <summary>Bulk actions that ended long ago.</summary>
    public long BulkActions { get; set; }
}
