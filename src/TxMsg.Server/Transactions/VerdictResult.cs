using TxMsg.Server.Deliveries;

namespace TxMsg.Server.Transactions;

/// <summary>What became of a verdict.</summary>
public sealed record VerdictResult(VerdictOutcome Outcome, MessageState? State)
{
    /// <summary>A message that this verdict decided.</summary>
    public DecidedMessage? Decided { get; init; }

    /// <summary>Nobody knows the message.</summary>
    public static VerdictResult NotFound { get; } = new(VerdictOutcome.NotFound, null);
}

/// <summary>What became of a verdict.</summary>
public enum VerdictOutcome
{
    /// <summary>It is the first, and stored.</summary>
    Decided,

    /// <summary>The same was stored before.</summary>
    Repeated,

    /// <summary>The other was stored before.</summary>
    Conflict,

    /// <summary>There is no such message.</summary>
    NotFound,

    /// <summary>The message is another producer's.</summary>
    Forbidden,
}
