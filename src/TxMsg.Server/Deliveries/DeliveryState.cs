using TxMsg.Contracts;

namespace TxMsg.Server.Deliveries;

/// <summary>The states of a delivery; the numbers stand in the store.</summary>
public enum DeliveryState
{
    /// <summary>Waits for its (next) attempt.</summary>
    Pending = 0,

    /// <summary>A node works on it, for a limited time.</summary>
    Leased = 1,

    /// <summary>Acknowledged.</summary>
    Delivered = 2,

    /// <summary>Waits for a person.</summary>
    DeadLettered = 3,

    /// <summary>Given up by a person.</summary>
    Discarded = 4,
}

/// <summary>The states in the words of the wire.</summary>
public static class DeliveryStateNames
{
    /// <summary>The state's name in JSON.</summary>
    public static string ToWire(this DeliveryState state) => state switch
    {
        DeliveryState.Pending => DeliveryStates.Pending,
        DeliveryState.Leased => DeliveryStates.Leased,
        DeliveryState.Delivered => DeliveryStates.Delivered,
        DeliveryState.DeadLettered => DeliveryStates.DeadLettered,
        DeliveryState.Discarded => DeliveryStates.Discarded,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
