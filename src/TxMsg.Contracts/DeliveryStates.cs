namespace TxMsg.Contracts;

/// <summary>The states of a delivery, as they stand in JSON.</summary>
public static class DeliveryStates
{
    /// <summary>Waits for its (next) attempt.</summary>
    public const string Pending = "pending";

    /// <summary>A node works on it, for a limited time.</summary>
    public const string Leased = "leased";

    /// <summary>The subscriber acknowledged it.</summary>
    public const string Delivered = "delivered";

    /// <summary>Its attempts are exhausted or the subscriber rejected it; kept until redelivered or discarded.</summary>
    public const string DeadLettered = "deadLettered";

    /// <summary>An operator gave it up.</summary>
    public const string Discarded = "discarded";
}
