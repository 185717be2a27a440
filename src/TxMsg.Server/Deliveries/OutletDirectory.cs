using System.Collections.Concurrent;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Deliveries;

/// <summary>The outlets of this node, and what it holds in all.</summary>
public sealed class OutletDirectory(Lazy<IDeliveryWorker> worker, TimeProvider time, TaskScheduler? scheduler = null)
{
    // Over all subscriptions; past it deliveries are left to their due time.
    private const int MaxHeld = 20_000;

    // Of them, for endpoints that have not answered yet, or did not the last time: a thousand dead ones leave room for all others.
    private const int MaxHeldUnanswered = MaxHeld * 3 / 4;

    // Contents that wait in memory, in bytes; past it a content is read again when its turn comes.
    private const long MaxHeldBytes = 32 * 1024 * 1024;

    private readonly ConcurrentDictionary<long, SubscriptionOutlet> outlets = new();
    private readonly ConcurrentDictionary<long, LeasedDelivery> leased = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private int held;
    private long heldBytes;
    private volatile bool closed;

    /// <summary>Where workers run: the thread pool, unless a simulation has one thread for everything.</summary>
    internal TaskScheduler Scheduler { get; } = scheduler ?? TaskScheduler.Default;

    /// <summary>Everything that this node holds the lease of.</summary>
    public IEnumerable<LeasedDelivery> Leased => leased.Values;

    /// <summary>How many deliveries this node holds.</summary>
    public int Held => Volatile.Read(ref held);

    /// <summary>Those that were used since the node began.</summary>
    public IEnumerable<SubscriptionOutlet> Used => outlets.Select(pair => pair.Value);

    /// <summary>The outlet of a subscription.</summary>
    public SubscriptionOutlet this[long subscriptionId] =>
        outlets.TryGetValue(subscriptionId, out var outlet) ? outlet : outlets.GetOrAdd(subscriptionId, id => new SubscriptionOutlet(id, this, worker.Value));

    /// <summary>Room for one more delivery of a subscription, or null when it must wait in the store.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="isNew">Whether it is just being committed: half of the room is for older ones, while any are due.</param>
    public SubscriptionOutlet? TryReserve(Subscription subscription, bool isNew = false)
    {
        if (closed || subscription.State != SubscriptionState.Active) return null;
        var outlet = this[subscription.Id];
        return !outlet.Backoff.IsOpen(time.GetUtcNow()) && outlet.TryReserve(isNew) ? outlet : null;
    }

    /// <summary>Closes the back-off of each subscription that somebody has changed, paused or resumed between two versions of the registry, on whatever node:
    /// it says that the endpoint, or what is sent to it, is another one now.</summary>
    internal void Follow(RegistrySnapshot before, RegistrySnapshot now)
    {
        foreach (var (id, outlet) in outlets)
            if (before.FindSubscription(id) is { } old && now.FindSubscription(id) is { } current && old.UpdatedAt != current.UpdatedAt) outlet.Backoff.Reset();
    }

    /// <summary>Nothing more is taken on: the node stops.</summary>
    public void Close() => closed = true;

    /// <summary>Looks for due deliveries now.</summary>
    public void Wake()
    {
        try
        {
            if (wake.CurrentCount == 0) wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it at the same moment.
        }
    }

    /// <summary>Waits until someone wakes it, at most <paramref name="timeout"/>.</summary>
    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => wake.WaitAsync(timeout, cancellationToken);

    internal bool TryHold(bool endpointAnswers)
    {
        if (Interlocked.Increment(ref held) <= (endpointAnswers ? MaxHeld : MaxHeldUnanswered)) return true;
        Interlocked.Decrement(ref held);
        return false;
    }

    internal void Unhold() => Interlocked.Decrement(ref held);

    /// <summary>How many bytes of a content may be kept for a delivery: all of them, or none.</summary>
    internal int HoldContent(MessageContent? content)
    {
        if (content is null) return 0;
        if (Interlocked.Add(ref heldBytes, content.Size) <= MaxHeldBytes) return content.Size;
        Interlocked.Add(ref heldBytes, -content.Size);
        return 0;
    }

    internal void UnholdContent(int bytes)
    {
        if (bytes > 0) Interlocked.Add(ref heldBytes, -bytes);
    }

    /// <summary>Whether this node has the delivery in hand already, and goes on under the lease that it has taken now: the earlier one had ended,
    /// because the store was not to be had for so long. What was sent and not yet recorded is not sent again.</summary>
    internal bool TryGoOn(LeasedDelivery delivery)
    {
        if (!leased.TryGetValue(delivery.Id, out var inHand) || inHand.MessageId != delivery.MessageId || inHand.Attempts != delivery.Attempts || inHand.ScheduleStart != delivery.ScheduleStart) return false;
        lock (inHand)
        {
            if (!Holds(inHand) || inHand.IsGivenBack) return false;
            inHand.LeaseToken = delivery.LeaseToken;
            inHand.LeasedUntil = delivery.LeasedUntil;
            return true;
        }
    }

    /// <summary>Lets go of a delivery whose lease was lost or has ended; false when this node holds it, or has just taken it anew.</summary>
    internal bool TryLetGo(LeasedDelivery delivery, long now)
    {
        lock (delivery)
        {
            if (Holds(delivery) && delivery.LeasedUntil > now) return false;
            Untrack(delivery);
            return true;
        }
    }

    /// <summary>Its release is about to be written. It may be claimed again in the same transaction, and read before this node learns of the release.</summary>
    internal static void NoteGivenBack(LeasedDelivery delivery)
    {
        lock (delivery) delivery.IsGivenBack = true;
    }

    internal void Track(LeasedDelivery delivery) => leased[delivery.Id] = delivery;

    internal void Untrack(LeasedDelivery delivery) => leased.TryRemove(new KeyValuePair<long, LeasedDelivery>(delivery.Id, delivery));

    /// <summary>Whether this node still holds the delivery's lease.</summary>
    internal bool Holds(LeasedDelivery delivery) => leased.TryGetValue(delivery.Id, out var held) && ReferenceEquals(held, delivery);
}
