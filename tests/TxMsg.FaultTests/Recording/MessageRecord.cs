namespace TxMsg.FaultTests.Recording;

/// <summary>What was done with one message, and what came of it.</summary>
/// <param name="mustArrive">Told once it must arrive.</param>
internal sealed class MessageRecord(Guid id, string topic, Truth truth, Action? mustArrive = null)
{
    private readonly Lock locking = new();
    private Arrival[] arrivals = [];

    public Guid Id { get; } = id;

    public string Topic { get; } = topic;

    public Truth Truth { get; private set; } = truth;

    /// <summary>Whether a prepare, or the send of an ordinary message, was answered with 2xx.</summary>
    public bool IsStored
    {
        get => StoredAt is not null;
        set => StoredAt = value ? DateTimeOffset.UtcNow : null;
    }

    /// <summary>Whether a 200 to its verdict arrived.</summary>
    public bool VerdictWasAcknowledged
    {
        get => VerdictAcknowledgedAt is not null;
        set => VerdictAcknowledgedAt = value ? DateTimeOffset.UtcNow : null;
    }

    /// <summary>When the producer had the answer in hand.</summary>
    public DateTimeOffset? StoredAt { get; private set; }

    /// <summary>When the 200 to its verdict arrived.</summary>
    public DateTimeOffset? VerdictAcknowledgedAt { get; private set; }

    /// <summary>Its ordering key and its place among the messages of that key; 0 without one.</summary>
    public string? OrderingKey { get; init; }

    public int Place { get; init; }

    public IReadOnlyList<Arrival> Arrivals
    {
        get
        {
            lock (locking) return arrivals;
        }
    }

    /// <summary>The producer's local transaction ends, once.</summary>
    public void Decide(Truth decided)
    {
        lock (locking) Truth = Truth is Truth.Open or Truth.MayArrive ? decided : throw new InvalidOperationException($"{Id} was decided twice.");
        if (decided == Truth.MustArrive) mustArrive?.Invoke();
    }

    public void Add(Arrival arrival)
    {
        lock (locking) arrivals = [.. arrivals, arrival];
    }

    public bool WasAnsweredBy(int consumer)
    {
        lock (locking) return arrivals.Any(arrival => arrival.Consumer == consumer && arrival.Answered);
    }
}
