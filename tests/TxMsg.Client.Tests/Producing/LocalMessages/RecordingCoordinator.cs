using System.Collections.Concurrent;
using System.Diagnostics;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>A coordinator that remembers what it was sent, and fails as it is told to.</summary>
internal sealed class RecordingCoordinator : ICoordinatorClient
{
    private static readonly Dictionary<string, string[]> UnknownProducer = new() { ["producer"] = ["There is no producer shop."] };

    private readonly Lock gate = new();
    private readonly List<Message> taken = [];
    private readonly List<Guid> arrived = [];
    private readonly List<int> requests = [];

    /// <summary>Not reached while set.</summary>
    public bool IsDown { get; set; }

    /// <summary>Refused for themselves, with this status.</summary>
    public ConcurrentDictionary<Guid, int> Refused { get; } = new();

    /// <summary>Whether the producer is registered; every message is refused while not, in the coordinator's words.</summary>
    public bool KnowsTheProducer { get; set; } = true;

    /// <summary>Runs before a request is looked at.</summary>
    public Func<IReadOnlyList<Message>, CancellationToken, Task>? Before { get; set; }

    /// <summary>Runs when the messages are taken and not answered yet.</summary>
    public Action<IReadOnlyList<Message>>? After { get; set; }

    public string? LastProducer { get; private set; }

    public ConcurrentDictionary<Guid, string?> TraceParents { get; } = new();

    /// <summary>The messages that it has, in the order they came in first.</summary>
    public IReadOnlyList<Message> Taken => Copy(taken);

    public IEnumerable<Guid> TakenIds => Taken.Select(message => message.Id);

    /// <summary>Whatever came in, repeats too.</summary>
    public IReadOnlyList<Guid> Arrived => Copy(arrived);

    /// <summary>How many messages each request had.</summary>
    public IReadOnlyList<int> Requests => Copy(requests);

    public async Task<IReadOnlyList<MessageResult>> SendAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default)
    {
        if (Before is { } before) await before(messages, cancellationToken);
        lock (gate) requests.Add(messages.Count);
        if (IsDown) throw new CoordinatorUnavailableException("connection refused");
        LastProducer = producer;
        foreach (var message in messages) TraceParents[message.Id] = Activity.Current?.Id;
        var results = messages.Select(Take).ToArray();
        After?.Invoke(messages);
        return results;
    }

    public Task<MessageResource> PrepareAsync(string producer, Message message, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MessageResource> SendAsync(string producer, Message message, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<MessageResult>> PrepareAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MessageResource> CommitAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MessageResource> RollbackAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<MessageResult>> DecideAsync(IReadOnlyList<VerdictItem> verdicts, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MessageResource?> FindAsync(Guid id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ProducerResource> RegisterProducerAsync(string name, ProducerRequest producer, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<SubscriptionResource> RegisterSubscriptionAsync(string name, SubscriptionRequest subscription, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private MessageResult Take(Message message)
    {
        lock (gate)
        {
            arrived.Add(message.Id);
            if (!KnowsTheProducer) return new MessageResult(message.Id, 400, null, "There is no producer shop.") { Errors = UnknownProducer };
            if (Refused.TryGetValue(message.Id, out var status)) return new MessageResult(message.Id, status, null, "refused by the test");
            if (taken.Any(known => known.Id == message.Id)) return new MessageResult(message.Id, 200, "committed", null);
            taken.Add(message);
            return new MessageResult(message.Id, 201, "committed", null);
        }
    }

    private IReadOnlyList<T> Copy<T>(List<T> list)
    {
        lock (gate) return [.. list];
    }
}
