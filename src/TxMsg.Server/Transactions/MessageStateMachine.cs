namespace TxMsg.Server.Transactions;

/// <summary>The transitions of a message. The statements that make them say the same in their <c>WHERE</c>.</summary>
public static class MessageStateMachine
{
    /// <summary>The state after a verdict, or null when the verdict is refused because the other one is recorded.</summary>
    public static MessageState? Decide(MessageState state, Verdict verdict) => (state, verdict) switch
    {
        (MessageState.Prepared or MessageState.Parked, Verdict.Commit) => MessageState.Committed,
        (MessageState.Prepared or MessageState.Parked, Verdict.Rollback) => MessageState.RolledBack,
        (MessageState.Committed, Verdict.Commit) => MessageState.Committed,
        (MessageState.RolledBack, Verdict.Rollback) => MessageState.RolledBack,
        _ => null,
    };

    /// <summary>The state after check-backs are exhausted.</summary>
    public static MessageState Park(MessageState state) => state == MessageState.Prepared ? MessageState.Parked : state;

    /// <summary>Whether the verdict is still open.</summary>
    public static bool IsUndecided(this MessageState state) => state is MessageState.Prepared or MessageState.Parked;

    /// <summary>The verdict that a final state records, or null while it is open.</summary>
    public static Verdict? Recorded(this MessageState state) => state switch
    {
        MessageState.Committed => Verdict.Commit,
        MessageState.RolledBack => Verdict.Rollback,
        _ => null,
    };
}
