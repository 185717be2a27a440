using System.Collections.Concurrent;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Deliveries;

/// <summary>What this node holds for one subscription, and how many of it are under way. A slow or dead endpoint fills its own
/// outlet and no other.</summary>
public sealed class SubscriptionOutlet(long subscriptionId, OutletDirectory directory, IDeliveryWorker worker)
{
    // What a node may hold for one subscription, at the most.
    private const int MaxHeld = 8192;

    // What is held for an endpoint that was left alone and may be tried again: each more would be leased and released for nothing.
    private const int MaxTrials = 4;

    private readonly ConcurrentQueue<LeasedDelivery> queue = new();
    private int held;
    private int running;
    private double averageLatencyMs;
    private volatile Task claim = Task.CompletedTask;

    /// <summary>The subscription.</summary>
    public long SubscriptionId { get; } = subscriptionId;

    /// <summary>Holds the endpoint back while it keeps failing.</summary>
    public EndpointBackoff Backoff { get; } = new();

    /// <summary>How the endpoint has answered this node.</summary>
    public EndpointCounters Counters { get; } = new();

    /// <summary>How many deliveries this node holds: reserved, queued, under way, or not yet recorded.</summary>
    public int Held => Volatile.Read(ref held);

    /// <summary>Set when more rows were due than were taken: then the next ones are fetched as soon as there is room, and half of the room
    /// is theirs.</summary>
    public bool HasMoreDue { get; set; }

    /// <summary>How many more may be taken on.</summary>
    public int Room => Math.Max(0, Capacity - Held);

    // As many as can be sent in a quarter of the lease: what is held longer keeps other nodes from sending it.
    private int Capacity
    {
        get
        {
            if (Backoff.OpenedUntil is not null) return MaxTrials;
            var latency = Volatile.Read(ref averageLatencyMs);
            var concurrency = worker.ConcurrencyOf(SubscriptionId);
            if (latency < 1) return MaxHeld;
            return (int)Math.Clamp(concurrency * worker.Lease.TotalMilliseconds / 4 / latency, concurrency, MaxHeld);
        }
    }

    /// <summary>Completes once what is being claimed from the store is taken on; completed where nothing is. Until then the store may have
    /// a newer lease of this node than <see cref="LeasedDelivery.LeaseToken"/> says.</summary>
    public Task Claim => claim;

    /// <summary>Claims from the store and takes on what was claimed; one claim at a time.</summary>
    public async Task<int> ClaimAsync(Func<Task<int>> claimAndAccept)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        claim = done.Task;
        try
        {
            return await claimAndAccept();
        }
        finally
        {
            done.SetResult();
        }
    }

    /// <summary>Makes room for a delivery that is about to be leased.</summary>
    /// <param name="isNew">Whether it is just being committed. What is new would take each place that gets free, and what waits in the store,
    /// retries too, would wait for as long as more is committed than the endpoint takes.</param>
    public bool TryReserve(bool isNew = false)
    {
        var room = isNew && HasMoreDue ? Capacity / 2 : Capacity;
        if (Interlocked.Increment(ref held) <= room && directory.TryHold(Backoff.AnsweredLast)) return true;
        Interlocked.Decrement(ref held);
        return false;
    }

    /// <summary>Gives back room that was reserved.</summary>
    public void CancelReservation()
    {
        Interlocked.Decrement(ref held);
        directory.Unhold();
    }

    /// <summary>Gives back the room of a delivery that was never taken on.</summary>
    internal void GiveBack(LeasedDelivery delivery)
    {
        directory.UnholdContent(delivery.HeldBytes);
        CancelReservation();
    }

    /// <summary>Takes on a leased delivery for which room was reserved.</summary>
    public void Accept(LeasedDelivery delivery)
    {
        if (directory.TryGoOn(delivery))
        {
            GiveBack(delivery);
            return;
        }

        directory.Track(delivery);
        queue.Enqueue(delivery);
        StartWorker();
    }

    /// <summary>The delivery's outcome is recorded, or somebody else's.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="next">The next one of its lane, which takes its room.</param>
    public void Finished(LeasedDelivery delivery, LeasedDelivery? next = null)
    {
        directory.Untrack(delivery);
        directory.UnholdContent(delivery.HeldBytes);
        if (next is null) CancelReservation();
        else Accept(next);
        if (HasMoreDue && Held <= Capacity / 2) directory.Wake();
    }

    /// <summary>Notes how long an attempt took.</summary>
    public void NoteLatency(TimeSpan latency)
    {
        // Races between attempts lose a sample at the most.
        var average = Volatile.Read(ref averageLatencyMs);
        Volatile.Write(ref averageLatencyMs, average == 0 ? latency.TotalMilliseconds : average * 0.9 + latency.TotalMilliseconds * 0.1);
    }

    private void StartWorker()
    {
        var concurrency = worker.ConcurrencyOf(SubscriptionId);
        while (true)
        {
            var now = Volatile.Read(ref running);
            if (now >= concurrency) return;
            if (Interlocked.CompareExchange(ref running, now + 1, now) != now) continue;
            _ = Task.Factory.StartNew(WorkAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, directory.Scheduler);
            return;
        }
    }

    private async Task WorkAsync()
    {
        // Steps down too where fewer are wanted than before; the last to step down finds nobody running and goes on.
        while (Volatile.Read(ref running) <= worker.ConcurrencyOf(SubscriptionId) && queue.TryDequeue(out var delivery))
        {
            // More may be wanted than when these were queued, and nobody else starts them until something new comes.
            if (!queue.IsEmpty) StartWorker();
            await worker.WorkAsync(this, delivery);
        }

        Interlocked.Decrement(ref running);
        // Something may have been queued between the last look and the step down.
        if (!queue.IsEmpty) StartWorker();
    }
}
