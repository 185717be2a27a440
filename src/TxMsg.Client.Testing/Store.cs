using System.Diagnostics;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Testing;

/// <summary>What the coordinator keeps, and the rules by which it changes. Not safe for concurrent use.</summary>
internal sealed class Store(TimeProvider time)
{
    private const int MaxReasonLength = 1000;

    private readonly Dictionary<string, ProducerEntry> producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SubscriptionEntry> subscriptions = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, MessageEntry> byId = [];
    private readonly List<MessageEntry> messages = [];
    private readonly List<DeliveryEntry> deliveries = [];

    public IReadOnlyList<MessageEntry> Messages => messages;

    public IReadOnlyList<DeliveryEntry> Deliveries => deliveries;

    private DateTimeOffset Now => time.GetUtcNow();

    public ProducerResource Register(string name, ProducerRequest request)
    {
        RegistryRules.Check(name, request);
        var isNew = !producers.TryGetValue(name, out var producer);
        if (producer is null) producers.Add(name, producer = new ProducerEntry(name, request, Now));
        return producer.ToResource(withSecret: producer.Update(request, Now) || isNew);
    }

    public SubscriptionResource Register(string name, SubscriptionRequest request)
    {
        RegistryRules.Check(name, request);
        var isNew = !subscriptions.TryGetValue(name, out var subscription);
        if (subscription is null) subscriptions.Add(name, subscription = new SubscriptionEntry(name, request, Now));
        return ToResource(subscription, withSecret: subscription.Update(request, Now) || isNew);
    }

    public SubscriptionResource? FindSubscription(string name) =>
        subscriptions.TryGetValue(name, out var subscription) ? ToResource(subscription, withSecret: false) : null;

    public MessageEntry? Find(Guid id) => byId.GetValueOrDefault(id);

    /// <summary>Stores a half message, or an ordinary one.</summary>
    /// <exception cref="CoordinatorRefusedException">The message is wrong, or its id is taken by another one.</exception>
    public (MessageEntry Message, bool IsNew) Add(string producer, Message message, bool isCommitted)
    {
        var sender = StoreRules.Check(producer, message, producers);
        var copy = MessageEntry.Copy(message);
        if (byId.TryGetValue(message.Id, out var existing))
        {
            if (!existing.IsSame(producer, copy)) throw new CoordinatorRefusedException(409, $"Message {message.Id} exists with other content. Repeat it unchanged, or use a new id.");
            // Sent as a half message before: with this it is committed, unless it was rolled back.
            return (isCommitted ? Decide(message.Id, Verdicts.Commit, "producer") : existing, false);
        }

        var added = new MessageEntry(sender, copy, Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } parent } ? parent : null, Now);
        byId.Add(message.Id, added);
        messages.Add(added);
        if (isCommitted) Decide(added, MessageStates.Committed, "producer", null);
        return (added, true);
    }

    /// <summary>Stores a verdict; the first one wins, and repeating it changes nothing.</summary>
    /// <exception cref="CoordinatorRefusedException">There is no such message, or the other verdict is recorded.</exception>
    public MessageEntry Decide(Guid id, string verdict, string by, string? reason = null)
    {
        if (reason?.Length > MaxReasonLength) Refuse("reason", $"At most {MaxReasonLength} characters.");
        if (verdict is not (Verdicts.Commit or Verdicts.Rollback)) Refuse("verdict", "One of commit, rollback.");
        var message = Find(id) ?? throw new CoordinatorRefusedException(404, $"There is no message {id}.");
        var wanted = verdict == Verdicts.Commit ? MessageStates.Committed : MessageStates.RolledBack;
        if (message.IsUndecided) Decide(message, wanted, by, reason);
        if (message.State == wanted) return message;
        var recorded = message.State == MessageStates.Committed ? Verdicts.Commit : Verdicts.Rollback;
        throw new VerdictConflictException(id, recorded, $"The verdict of message {id} is {recorded}; a recorded verdict never changes.");
    }

    /// <summary>The half message or the delivery that is due first, the older one of two at the same time.</summary>
    public (DateTimeOffset At, MessageEntry? Message, DeliveryEntry? Delivery)? FindDue(DateTimeOffset until)
    {
        var message = messages.Where(one => one.NextCheckBackAt <= until).MinBy(one => one.NextCheckBackAt);
        var delivery = deliveries.Where(one => one.DueAt <= until && one.Subscription.PausedReason is null).MinBy(one => one.DueAt);
        if (message is null && delivery is null) return null;
        return delivery is null || message?.NextCheckBackAt < delivery.DueAt ? (message!.NextCheckBackAt!.Value, message, null) : (delivery.DueAt!.Value, null, delivery);
    }

    public void NoteAttempt(DeliveryEntry delivery, AttemptAnswer answer)
    {
        delivery.Note(answer, Now);
        if (!delivery.IsInPlay) Advance(delivery);
    }

    /// <summary>Sends dead letters again, or gives them up.</summary>
    /// <returns>How many.</returns>
    public int Finish(string subscription, IReadOnlyCollection<Guid> ids, bool redeliver)
    {
        var found = deliveries.Where(one =>
            one.Subscription.Name == subscription && one.State == DeliveryStates.DeadLettered && (ids.Count == 0 || ids.Contains(one.Message.Content.Id))).ToArray();
        foreach (var delivery in found)
        {
            if (redeliver) delivery.Redeliver();
            else delivery.Discard();
            if (redeliver && HeadOf(delivery) is null) delivery.MakeDue(Now);
        }

        return found.Length;
    }

    public void Pause(string subscription, string? reason) => subscriptions[subscription].PausedReason = reason;

    private static void Refuse(string field, string error)
    {
        var errors = new FieldErrors();
        errors.Add(field, error);
        throw errors.ToRefusal();
    }

    private SubscriptionResource ToResource(SubscriptionEntry subscription, bool withSecret) => subscription.ToResource(
        withSecret,
        deliveries.Count(one => one.Subscription == subscription && one.IsInPlay),
        deliveries.Count(one => one.Subscription == subscription && one.State == DeliveryStates.DeadLettered));

    private void Decide(MessageEntry message, string state, string by, string? reason)
    {
        message.Decide(state, by, reason, Now);
        if (state != MessageStates.Committed) return;
        foreach (var subscription in subscriptions.Values.Where(one => one.Wants(message.Content)))
        {
            var delivery = new DeliveryEntry(deliveries.Count, message, subscription);
            if (HeadOf(delivery) is null) delivery.MakeDue(Now);
            message.Deliveries.Add(delivery);
            deliveries.Add(delivery);
        }
    }

    // The one of its lane whose turn it is: it stays until it is finished.
    private DeliveryEntry? HeadOf(DeliveryEntry delivery) => delivery.Lane is null
        ? null
        : deliveries.Find(one => one.Subscription == delivery.Subscription && one.Lane == delivery.Lane && one.IsInPlay && one.DueAt is not null);

    private void Advance(DeliveryEntry finished)
    {
        if (finished.Lane is null) return;
        deliveries.Find(one => one.Subscription == finished.Subscription && one.Lane == finished.Lane && one.IsInPlay)?.MakeDue(Now);
    }
}
