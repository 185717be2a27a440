using TxMsg.Contracts;
using TxMsg.Contracts.Messages;

namespace TxMsg.Client.Testing;

/// <summary>A message's way to one subscription.</summary>
internal sealed class DeliveryEntry(long number, MessageEntry message, SubscriptionEntry subscription)
{
    // Attempts before the last redelivery: the schedule began again after them.
    private int scheduleStart;

    /// <summary>Its place in the order of all commits.</summary>
    public long Number { get; } = number;

    public MessageEntry Message { get; } = message;

    public SubscriptionEntry Subscription { get; } = subscription;

    /// <summary>What it waits its turn in; null where there is no order.</summary>
    public string? Lane { get; } = subscription.IsOrdered ? message.Content.OrderingKey : null;

    public string State { get; private set; } = DeliveryStates.Pending;

    public int Attempts { get; private set; }

    /// <summary>Null while it waits behind another one of its lane, and when it is finished.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    public bool IsInPlay => State == DeliveryStates.Pending;

    private int? LastStatus { get; set; }

    private string? LastError { get; set; }

    private DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>Its turn has come: now, or when its delay is over.</summary>
    public void MakeDue(DateTimeOffset now)
    {
        var delayed = Message.DecidedAt!.Value + (Message.Content.Delay ?? TimeSpan.Zero);
        DueAt = delayed > now ? delayed : now;
    }

    public void Note(AttemptAnswer answer, DateTimeOffset now)
    {
        Attempts++;
        LastStatus = answer.Status;
        var (state, retryIn, pauses) = AttemptRules.Judge(answer, Attempts - scheduleStart, Subscription.Schedule);
        (State, DueAt) = (state, retryIn is { } pause ? now + pause : null);
        if (state == DeliveryStates.Delivered) (DeliveredAt, LastError) = (now, null);
        else LastError = answer.Error ?? $"Status {answer.Status}.";
        if (pauses) Subscription.PausedReason = "The endpoint answered 410: it is gone.";
    }

    public void Redeliver()
    {
        (State, DueAt, scheduleStart) = (DeliveryStates.Pending, null, Attempts);
    }

    public void Discard() => State = DeliveryStates.Discarded;

    public DeliveryResource ToResource() => new()
    {
        Subscription = Subscription.Name,
        State = State,
        Attempts = Attempts,
        NextAttemptAt = DueAt,
        LastStatus = LastStatus,
        LastError = LastError,
        DeliveredAt = DeliveredAt,
    };
}
