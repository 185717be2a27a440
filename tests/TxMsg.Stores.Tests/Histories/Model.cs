using TxMsg.Server.Deliveries;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Histories;

/// <summary>The states of the design in a few dictionaries: what a store must do, without a store.</summary>
internal sealed class Model
{
    private readonly Dictionary<string, ModelDelivery> heads = [];

    public Dictionary<int, (MessageState State, int Content)> Messages { get; } = [];

    /// <summary>By subscription: 0 takes them as they come, 1 in order.</summary>
    public List<ModelDelivery>[] Deliveries { get; } = [[], []];

    public PrepareOutcome Prepare(int message, int content, bool committed, long now)
    {
        if (Messages.TryGetValue(message, out var stored)) return stored.Content == content ? PrepareOutcome.Existing : PrepareOutcome.Conflict;
        Messages[message] = (committed ? MessageState.Committed : MessageState.Prepared, content);
        if (committed) FanOut(message, now);
        return PrepareOutcome.Created;
    }

    public VerdictOutcome Decide(int message, Verdict verdict, long now)
    {
        if (!Messages.TryGetValue(message, out var stored)) return VerdictOutcome.NotFound;
        if (stored.State.Recorded() is { } recorded) return recorded == verdict ? VerdictOutcome.Repeated : VerdictOutcome.Conflict;
        Messages[message] = stored with { State = verdict == Verdict.Commit ? MessageState.Committed : MessageState.RolledBack };
        if (verdict == Verdict.Commit) FanOut(message, now);
        return VerdictOutcome.Decided;
    }

    public bool Park(int message)
    {
        if (!Messages.TryGetValue(message, out var stored) || stored.State != MessageState.Prepared) return false;
        Messages[message] = stored with { State = MessageState.Parked };
        return true;
    }

    public IReadOnlyList<ModelDelivery> Due(int subscription, long now) =>
        Deliveries[subscription].Where(delivery => delivery.State == DeliveryState.Pending && delivery.DueAt <= now && !IsBehind(delivery)).ToArray();

    public void Finish(ModelDelivery delivery, DeliveryEvent @event, long dueAt, long now)
    {
        // Released already, as the lease has ended.
        if (delivery.State == DeliveryState.Pending && @event == DeliveryEvent.Release) return;
        delivery.State = DeliveryStateMachine.Next(DeliveryState.Leased, @event)!.Value;
        delivery.Lease = null;
        if (@event != DeliveryEvent.Release) delivery.Attempts++;
        if (delivery.State == DeliveryState.Pending) delivery.DueAt = dueAt;
        if (!delivery.IsInPlay) Advance(delivery.Lane, now);
    }

    public void Expire(long now)
    {
        foreach (var delivery in Deliveries.SelectMany(all => all).Where(delivery => delivery.State == DeliveryState.Leased && delivery.DueAt <= now))
        {
            // Its holder may still say what came of it, until somebody else takes it.
            delivery.State = DeliveryState.Pending;
            delivery.DueAt = now;
        }
    }

    public int Mend(int subscription, int message, DeliveryEvent @event, long now)
    {
        var delivery = Deliveries[subscription].SingleOrDefault(delivery => delivery.Message == message && delivery.State == DeliveryState.DeadLettered);
        if (delivery is null) return 0;
        delivery.State = DeliveryStateMachine.Next(delivery.State, @event)!.Value;
        delivery.DueAt = now;
        if (delivery.State == DeliveryState.Pending) Advance(delivery.Lane, now);
        return 1;
    }

    private bool IsBehind(ModelDelivery delivery) => delivery.Lane is not null && heads.GetValueOrDefault(delivery.Lane) != delivery;

    private void FanOut(int message, long now)
    {
        Deliveries[0].Add(new ModelDelivery(message, null, Deliveries[0].Count, now));
        var ordered = new ModelDelivery(message, LaneOf(message), Deliveries[1].Count, now);
        Deliveries[1].Add(ordered);
        Advance(ordered.Lane, now);
    }

    // A head in play stays; else the first in play becomes it and is due.
    private void Advance(string? lane, long now)
    {
        if (lane is null || (heads.TryGetValue(lane, out var head) && head.IsInPlay)) return;
        var next = Deliveries[1].Where(delivery => delivery.Lane == lane && delivery.IsInPlay).MinBy(delivery => delivery.Number);
        if (next is null)
        {
            heads.Remove(lane);
            return;
        }

        heads[lane] = next;
        next.DueAt = Math.Max(now, next.CommittedAt);
    }

    public static string LaneOf(int message) => $"key {message % 2}";
}
