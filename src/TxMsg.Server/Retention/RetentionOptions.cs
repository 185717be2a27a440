namespace TxMsg.Server.Retention;

/// <summary>How long finished messages are kept: section <c>TxMsg:Retention</c>. Undecided ones are never purged.</summary>
public sealed class RetentionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "TxMsg:Retention";

    /// <summary>How long after its verdict a rolled-back message is kept: 0 to 10 years. Default 3 days.</summary>
    public TimeSpan RolledBackAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long after its last delivery a committed message is kept: 0 to 10 years. Default 7 days.</summary>
    public TimeSpan DeliveredAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>After how long a dead letter is given up: 0 to 10 years. Default: not set, never.</summary>
    public TimeSpan? DeadLetteredAfter { get; set; }

    /// <summary>How long after its end a bulk action is kept: 0 to 10 years. Default 30 days.</summary>
    public TimeSpan BulkActionsAfter { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often the purge runs: 1 s to 1 day. Default 1 h.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(1);
}
