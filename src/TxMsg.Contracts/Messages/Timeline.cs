namespace TxMsg.Contracts.Messages;

/// <summary>What happened to a message, oldest first. Of more than 1,000 check-backs, failed attempts or operator actions the newest are here.</summary>
public sealed record Timeline
{
    /// <summary>The events.</summary>
    public required IReadOnlyList<TimelineEvent> Events { get; init; }
}
