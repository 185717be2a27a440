namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>A row that this relay may send until its lease is over, and what became of it.</summary>
internal sealed class ClaimedMessage(long seq, Message message, string? traceParent, int failures, DateTimeOffset enqueuedAt)
{
    public long Seq { get; } = seq;

    public Message Message { get; } = message;

    public string? TraceParent { get; } = traceParent;

    /// <summary>The refusals before this claim.</summary>
    public int Failures { get; } = failures;

    public DateTimeOffset EnqueuedAt { get; } = enqueuedAt;

    public SendOutcome Outcome { get; set; } = SendOutcome.Withheld;
}

/// <summary>What became of a row that was to be sent.</summary>
/// <param name="Kind">Whether the coordinator has it.</param>
/// <param name="Status">The HTTP status, if there was an answer.</param>
/// <param name="Problem">What was wrong.</param>
internal sealed record SendOutcome(SendOutcomeKind Kind, int Status = 0, string Problem = "")
{
    public static SendOutcome Sent { get; } = new(SendOutcomeKind.Sent);

    public static SendOutcome Withheld { get; } = new(SendOutcomeKind.Withheld);
}

internal enum SendOutcomeKind
{
    /// <summary>Not tried: an earlier message of its key, the lease or a stop stood before it.</summary>
    Withheld,

    /// <summary>The coordinator has it.</summary>
    Sent,

    /// <summary>The coordinator will not have this message.</summary>
    Refused,

    /// <summary>No fault of the message, and it is not known whether the coordinator has it.</summary>
    Unavailable,
}

/// <summary>Rows of one token, in their order.</summary>
internal sealed record LocalMessageClaim(long Token, DateTimeOffset LeasedUntil, IReadOnlyList<ClaimedMessage> Messages);
