using System.Collections.Concurrent;

namespace TxMsg.FaultTests.Recording;

/// <summary>The truth, kept outside the coordinator: what producers did, what consumers got, and when the coordinator was struck.</summary>
internal sealed class Recorder
{
    private readonly ConcurrentDictionary<Guid, MessageRecord> messages = new();
    private readonly ConcurrentQueue<DateTimeOffset> strikes = new();
    private readonly ConcurrentQueue<string> violations = new();
    private readonly ConcurrentDictionary<string, byte[]> consumersOf = new();
    private int acknowledged;

    /// <summary>All of them, without stopping those who record.</summary>
    public IEnumerable<MessageRecord> Messages => messages.Select(entry => entry.Value);

    public int Count => messages.Count;

    /// <summary>How many must arrive.</summary>
    public int Acknowledged => Volatile.Read(ref acknowledged);

    public IReadOnlyCollection<DateTimeOffset> Strikes => strikes;

    /// <summary>What was wrong the moment it was seen.</summary>
    public IReadOnlyCollection<string> Violations => violations;

    /// <summary>From now on, messages of the topic are for these consumers.</summary>
    public void Subscribe(string topic, params byte[] consumers) => consumersOf[topic] = consumers;

    public IReadOnlyList<byte> ConsumersOf(string topic) => consumersOf[topic];

    public MessageRecord Begin(string topic, Truth truth = Truth.Open, string? orderingKey = null, int place = 0)
    {
        var message = new MessageRecord(Guid.CreateVersion7(), topic, truth, () => Interlocked.Increment(ref acknowledged)) { OrderingKey = orderingKey, Place = place };
        messages[message.Id] = message;
        return message;
    }

    public MessageRecord? Find(Guid id) => messages.GetValueOrDefault(id);

    /// <summary>The coordinator was killed, or something else happened after which an answer that was sent need not have been recorded.</summary>
    public void Strike() => Strike(DateTimeOffset.UtcNow);

    public void Strike(DateTimeOffset at) => strikes.Enqueue(at);

    public void Violate(FormattableString what)
    {
        // A thousand of one kind say no more than a few.
        if (violations.Count < 1000) violations.Enqueue(FormattableString.Invariant(what));
    }

    /// <summary>Who must still get it.</summary>
    public IEnumerable<byte> Missing(MessageRecord message) =>
        message.Truth == Truth.MustArrive ? ConsumersOf(message.Topic).Where(consumer => !message.WasAnsweredBy(consumer)) : [];
}
