using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Records what became of a leased delivery; false when this node may have lost the lease before.</summary>
public sealed class DeliveryResult(LeasedDelivery delivery, DeliveryEvent @event) : WriteOperation<bool>
{
    public LeasedDelivery Delivery { get; } = delivery;

    /// <inheritdoc/>
    public override object Row => Delivery.Id;

    public DeliveryEvent Event { get; } = @event;

    /// <summary>The state it leads to.</summary>
    public DeliveryState State { get; } = DeliveryStateMachine.Next(DeliveryState.Leased, @event)
        ?? throw new ArgumentException($"A leased delivery takes no {@event}.", nameof(@event));

    /// <summary>The attempt; none where it was released untried.</summary>
    public DeliveryAttempt? Attempt { get; init; }

    /// <summary>Unix milliseconds: when it is due again, if it is.</summary>
    public long DueAt { get; init; }

    /// <summary>The token of the lease under which this node takes on the next delivery of the lane, when this one is over; null: it takes on none.
    /// It stays the same when this is written again.</summary>
    public long? NextToken { get; init; }

    /// <summary>What this node has taken on: the next delivery of the lane, if one is due.</summary>
    public LeasedDelivery? Next { get; set; }

    /// <summary>The same once more: an operation is written once.</summary>
    public DeliveryResult Again() => new(Delivery, Event) { Attempt = Attempt, DueAt = DueAt, NextToken = NextToken };
}
