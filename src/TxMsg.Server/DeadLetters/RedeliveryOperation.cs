using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.DeadLetters;

/// <summary>Sends a message to one subscription again, or has its retry made now; the result is what it met.</summary>
public sealed class RedeliveryOperation(Guid messageId, long subscriptionId, DateTimeOffset now) : WriteOperation<Redelivery>
{
    public Guid MessageId { get; } = messageId;

    public long SubscriptionId { get; } = subscriptionId;

    public long Now { get; } = now.ToUnixTimeMilliseconds();

    /// <summary>Whether only what waits for a retry is meant, to be tried now; else what is over, to be sent anew.</summary>
    public bool IsRetryNow { get; init; }

    public required string Actor { get; init; }

    public string? Reason { get; init; }
}

/// <summary>What a redelivery by hand met.</summary>
/// <param name="IsDone">Whether it is on its way again.</param>
/// <param name="Message">The message's state; null: there is none.</param>
/// <param name="Delivery">The delivery's state before; null: the message has none to this subscription.</param>
public readonly record struct Redelivery(bool IsDone, MessageState? Message, DeliveryState? Delivery);
