using TxMsg.Contracts.Operations;

namespace TxMsg.Server.BulkActions;

/// <summary>The states of a bulk action; the numbers stand in the store.</summary>
public enum BulkActionState
{
    /// <summary>Waits for its turn.</summary>
    Waiting = 0,

    /// <summary>Is worked off, or was left behind and will be taken up again.</summary>
    Running = 1,

    /// <summary>Everything has been looked at.</summary>
    Finished = 2,

    /// <summary>Somebody ended it.</summary>
    Cancelled = 3,

    /// <summary>It could not go on.</summary>
    Failed = 4,
}

/// <summary>The states in the words of the wire.</summary>
public static class BulkActionStateNames
{
    /// <summary>The state's name in JSON.</summary>
    public static string ToWire(this BulkActionState state) => state switch
    {
        BulkActionState.Waiting => BulkActionStates.Waiting,
        BulkActionState.Running => BulkActionStates.Running,
        BulkActionState.Finished => BulkActionStates.Finished,
        BulkActionState.Cancelled => BulkActionStates.Cancelled,
        BulkActionState.Failed => BulkActionStates.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>Whether nothing more happens.</summary>
    public static bool IsFinal(this BulkActionState state) => state is BulkActionState.Finished or BulkActionState.Cancelled or BulkActionState.Failed;
}
