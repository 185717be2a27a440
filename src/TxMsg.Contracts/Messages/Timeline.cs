namespace TxMsg.Contracts.Messages;

/// <summary>Everything that happened to a message, oldest first.</summary>
public sealed record Timeline
{
    /// <summary>The events.</summary>
    public required IReadOnlyList<TimelineEvent> Events { get; init; }
}
