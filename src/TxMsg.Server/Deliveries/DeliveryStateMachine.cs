namespace TxMsg.Server.Deliveries;

/// <summary>What can happen to a delivery.</summary>
public enum DeliveryEvent
{
    /// <summary>A node takes it on.</summary>
    Lease,

    /// <summary>The node gives it back untried, or its lease expires.</summary>
    Release,

    /// <summary>The subscriber acknowledged.</summary>
    Acknowledge,

    /// <summary>The attempt failed and another one is due later.</summary>
    Retry,

    /// <summary>The attempts are exhausted, or the subscriber rejected it.</summary>
    DeadLetter,

    /// <summary>A person sends it again.</summary>
    Redeliver,

    /// <summary>A person has it tried again now, not when its retry is due.</summary>
    RetryNow,

    /// <summary>A person gives it up.</summary>
    Discard,
}

/// <summary>The transitions of a delivery. The statements that make them say the same in their <c>WHERE</c>.</summary>
public static class DeliveryStateMachine
{
    /// <summary>The state after an event, or null where the event is refused.</summary>
    public static DeliveryState? Next(DeliveryState state, DeliveryEvent @event) => (state, @event) switch
    {
        (DeliveryState.Pending, DeliveryEvent.Lease) => DeliveryState.Leased,
        (DeliveryState.Leased, DeliveryEvent.Release or DeliveryEvent.Retry) => DeliveryState.Pending,
        (DeliveryState.Pending, DeliveryEvent.RetryNow) => DeliveryState.Pending,
        (DeliveryState.Leased, DeliveryEvent.Acknowledge) => DeliveryState.Delivered,
        (DeliveryState.Leased, DeliveryEvent.DeadLetter) => DeliveryState.DeadLettered,
        (DeliveryState.DeadLettered or DeliveryState.Delivered or DeliveryState.Discarded, DeliveryEvent.Redeliver) => DeliveryState.Pending,
        (DeliveryState.DeadLettered, DeliveryEvent.Discard) => DeliveryState.Discarded,
        _ => null,
    };

    /// <summary>Whether nothing more happens, unless a person sends it again.</summary>
    public static bool IsFinal(this DeliveryState state) => state is DeliveryState.Delivered or DeliveryState.Discarded;
}
