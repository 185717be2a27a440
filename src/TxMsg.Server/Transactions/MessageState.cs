using TxMsg.Contracts;

namespace TxMsg.Server.Transactions;

/// <summary>The states of a message; the numbers stand in the store.</summary>
public enum MessageState
{
    /// <summary>A half message: its verdict is not known.</summary>
    Prepared = 0,

    /// <summary>A half message whose check-backs are exhausted.</summary>
    Parked = 1,

    /// <summary>Delivered to every subscriber.</summary>
    Committed = 2,

    /// <summary>Never delivered.</summary>
    RolledBack = 3,
}

/// <summary>The states in the words of the wire.</summary>
public static class MessageStateNames
{
    /// <summary>The state's name in JSON.</summary>
    public static string ToWire(this MessageState state) => state switch
    {
        MessageState.Prepared => MessageStates.Prepared,
        MessageState.Parked => MessageStates.Parked,
        MessageState.Committed => MessageStates.Committed,
        MessageState.RolledBack => MessageStates.RolledBack,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>The state of a name in JSON, or null.</summary>
    public static MessageState? Parse(string name) => name switch
    {
        MessageStates.Prepared => MessageState.Prepared,
        MessageStates.Parked => MessageState.Parked,
        MessageStates.Committed => MessageState.Committed,
        MessageStates.RolledBack => MessageState.RolledBack,
        _ => null,
    };
}
