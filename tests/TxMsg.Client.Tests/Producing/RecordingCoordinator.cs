using System.Collections.Concurrent;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Tests.Producing;

/// <summary>A coordinator in memory that keeps messages and verdicts by the coordinator's rules, and can be away.</summary>
internal sealed class RecordingCoordinator : ICoordinatorClient
{
    private readonly ConcurrentDictionary<Guid, string> states = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    public bool IsAway { get; set; }

    public Func<Message, MessageResult>? Judge { get; set; }

    /// <summary>Which half messages it stores, and has lost before it is told what became of them.</summary>
    public Func<Message, bool> Loses { get; set; } = _ => false;

    public string? StateOf(Message message) => states.GetValueOrDefault(message.Id);

    public void Decide(Message message, string state) => states[message.Id] = state;

    public Task<MessageResource> PrepareAsync(string producer, Message message, CancellationToken cancellationToken = default) => StoreAsync("prepare", producer, message, "prepared");

    public Task<MessageResource> SendAsync(string producer, Message message, CancellationToken cancellationToken = default) => StoreAsync("send", producer, message, "committed");

    public async Task<IReadOnlyList<MessageResult>> PrepareAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default)
    {
        var results = new List<MessageResult>();
        foreach (var message in messages)
            results.Add(Judge?.Invoke(message) ?? new MessageResult(message.Id, 201, (await PrepareAsync(producer, message, cancellationToken)).State, null));
        return results;
    }

    public async Task<IReadOnlyList<MessageResult>> SendAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default)
    {
        var results = new List<MessageResult>();
        foreach (var message in messages)
            results.Add(Judge?.Invoke(message) ?? new MessageResult(message.Id, 201, (await SendAsync(producer, message, cancellationToken)).State, null));
        return results;
    }

    public Task<MessageResource> CommitAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default) => DecideAsync(id, Verdicts.Commit);

    public Task<MessageResource> RollbackAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default) => DecideAsync(id, Verdicts.Rollback);

    public async Task<IReadOnlyList<MessageResult>> DecideAsync(IReadOnlyList<VerdictItem> verdicts, CancellationToken cancellationToken = default)
    {
        var results = new List<MessageResult>();
        foreach (var verdict in verdicts)
        {
            try
            {
                results.Add(new MessageResult(verdict.Id, 200, (await DecideAsync(verdict.Id, verdict.Verdict)).State, null));
            }
            catch (CoordinatorRefusedException refused)
            {
                results.Add(new MessageResult(verdict.Id, refused.Status, null, refused.Message));
            }
        }

        return results;
    }

    public Task<MessageResource?> FindAsync(Guid id, CancellationToken cancellationToken = default) =>
        Task.FromResult(states.TryGetValue(id, out var state) ? Resource(id, "shop", "orders", state) : null);

    public Task<ProducerResource> RegisterProducerAsync(string name, ProducerRequest producer, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<SubscriptionResource> RegisterSubscriptionAsync(string name, SubscriptionRequest subscription, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private static MessageResource Resource(Guid id, string producer, string topic, string state) =>
        new() { Id = id, Producer = producer, Topic = topic, State = state, PreparedAt = DateTimeOffset.UnixEpoch };

    private Task<MessageResource> StoreAsync(string call, string producer, Message message, string state)
    {
        Answer(call);
        var resource = Resource(message.Id, producer, message.Topic, state);
        if (state != MessageStates.Prepared || !Loses(message)) return Task.FromResult(resource with { State = states.GetOrAdd(message.Id, state) });
        states.TryRemove(message.Id, out _);
        return Task.FromResult(resource);
    }

    private Task<MessageResource> DecideAsync(Guid id, string verdict)
    {
        Answer(verdict);
        var wanted = verdict == Verdicts.Commit ? MessageStates.Committed : MessageStates.RolledBack;
        if (!states.ContainsKey(id)) throw new CoordinatorRefusedException(404, $"There is no message {id}.");
        var state = states.AddOrUpdate(id, wanted, (_, current) => current == MessageStates.Prepared ? wanted : current);
        return state == wanted
            ? Task.FromResult(Resource(id, "shop", "orders", state))
            : throw new VerdictConflictException(id, state == MessageStates.Committed ? Verdicts.Commit : Verdicts.Rollback, "The other verdict is recorded.");
    }

    private void Answer(string call)
    {
        Calls.Enqueue(call);
        if (IsAway) throw new CoordinatorUnavailableException("away");
    }
}
