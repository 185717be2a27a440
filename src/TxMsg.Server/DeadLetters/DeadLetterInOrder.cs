namespace TxMsg.Server.DeadLetters;

/// <summary>What tells whether a dead letter is meant by an action on many.</summary>
public sealed class DeadLetterInOrder
{
    public long Id { get; init; }

    public int? LastStatus { get; init; }

    /// <summary>Only where it was asked for.</summary>
    public string? LastError { get; init; }

    public long FinishedAt { get; init; }
}
