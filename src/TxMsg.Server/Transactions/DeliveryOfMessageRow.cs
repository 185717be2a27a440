using TxMsg.Contracts.Messages;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Transactions;

/// <summary>A row of <c>deliveries</c> with its subscription's name and endpoint.</summary>
public sealed class DeliveryOfMessageRow
{
    public long Id { get; init; }

    public string Subscription { get; init; } = "";

    public int SubscriptionState { get; init; }

    public string Endpoint { get; init; } = "";

    public int State { get; init; }

    public int Attempts { get; init; }

    public long DueAt { get; init; }

    public int? LastStatus { get; init; }

    public string? LastError { get; init; }

    public long? LastLatencyMs { get; init; }

    public long? LastAttemptAt { get; init; }

    public long? FinishedAt { get; init; }

    /// <summary>Its state. What waits for a deleted subscription is given up, whether the purge has been there or not.</summary>
    public DeliveryState DeliveryState =>
        (DeliveryState)State == DeliveryState.Pending && SubscriptionState == (int)Registry.SubscriptionState.Deleted ? DeliveryState.Discarded : (DeliveryState)State;

    public DeliveryResource ToResource() => new()
    {
        Subscription = Subscription,
        State = DeliveryState.ToWire(),
        Attempts = Attempts,
        NextAttemptAt = DeliveryState == DeliveryState.Pending && DueAt < OrderingLanes.Behind ? MessageRow.Time(DueAt) : null,
        LastStatus = LastStatus,
        LastError = LastError,
        DeliveredAt = DeliveryState == DeliveryState.Delivered ? MessageRow.Time(FinishedAt) : null,
    };
}
