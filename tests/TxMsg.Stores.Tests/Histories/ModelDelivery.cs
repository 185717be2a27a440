using TxMsg.Server.Deliveries;

namespace TxMsg.Stores.Tests.Histories;

/// <summary>A delivery as the design says it is.</summary>
internal sealed class ModelDelivery(int message, string? lane, long number, long committedAt)
{
    public int Message { get; } = message;

    public string? Lane { get; } = lane;

    /// <summary>Its place in the order of commits.</summary>
    public long Number { get; } = number;

    public long CommittedAt { get; } = committedAt;

    public DeliveryState State { get; set; }

    public long DueAt { get; set; } = committedAt;

    public int Attempts { get; set; }

    /// <summary>The lease in force, or one that has ended and whose delivery nobody else has taken.</summary>
    public LeasedDelivery? Lease { get; set; }

    public bool IsInPlay => State is DeliveryState.Pending or DeliveryState.Leased;
}
