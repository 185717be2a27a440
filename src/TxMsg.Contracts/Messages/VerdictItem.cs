namespace TxMsg.Contracts.Messages;

/// <summary>One verdict of many.</summary>
public sealed record VerdictItem
{
    /// <summary>The message.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>commit</c> or <c>rollback</c>.</summary>
    public required string Verdict { get; init; }
}
