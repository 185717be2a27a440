using Microsoft.Extensions.Time.Testing;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Testing;

/// <summary>A coordinator in memory: the calls, states and rules of the real one, under a clock that the test moves. Nothing happens by itself:
/// <see cref="AdvanceAsync"/> asks and delivers what is due, one after the other, in the order of time and then of the commits.
/// <para>Unlike the real one it has no jitter, no limits on time and concurrency, no access rules and no purge, asks about a half message
/// at its very time, and does not back off from an endpoint as a whole.</para>
/// <para>Calls are safe for concurrent use.</para></summary>
public sealed partial class InMemoryCoordinator : ICoordinatorClient
{
    private readonly Lock gate = new();
    private readonly Faults faults = new();
    private readonly Store state;

    /// <summary>Makes one without any producer or subscription.</summary>
    /// <param name="time">The clock, shared with the code under test. Default: one of its own.</param>
    public InMemoryCoordinator(FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider();
        state = new Store(Time);
    }

    /// <summary>The clock. <see cref="AdvanceAsync"/> moves it; to move it otherwise makes things due and does not do them.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>Whether every call fails with <see cref="CoordinatorUnavailableException"/> and does nothing. It still asks and delivers.</summary>
    public bool Offline { get; set; }

    /// <summary>The messages, in the order they came in, as they are now.</summary>
    public IReadOnlyList<RecordedMessage> Messages =>
        Locked(store => store.Messages.Select(message => new RecordedMessage(message.Content, message.ToResource())).ToArray());

    /// <summary>The deliveries, in the order of their commits, as they are now.</summary>
    public IReadOnlyList<RecordedDelivery> Deliveries =>
        Locked(store => store.Deliveries.Select(delivery => new RecordedDelivery(delivery.Message.Content, delivery.ToResource())).ToArray());

    /// <summary>The next calls fail with <see cref="CoordinatorUnavailableException"/> and do nothing.</summary>
    /// <param name="call">Which calls. Default: any.</param>
    /// <param name="times">How many.</param>
    public void FailNext(CallKind? call = null, int times = 1) => AddFault(call, actsFirst: false, times);

    /// <summary>The next call does what it is to do and then fails with <see cref="CoordinatorUnavailableException"/>: its answer is lost.</summary>
    /// <param name="call">Which call. Default: any.</param>
    /// <param name="times">How many.</param>
    public void LoseNextAnswer(CallKind? call = null, int times = 1) => AddFault(call, actsFirst: true, times);

    /// <inheritdoc/>
    public Task<MessageResource> PrepareAsync(string producer, Message message, CancellationToken cancellationToken = default) =>
        CallAsync(CallKind.Prepare, store => store.Add(producer, message, isCommitted: false).Message.ToResource(), cancellationToken);

    /// <inheritdoc/>
    public Task<MessageResource> SendAsync(string producer, Message message, CancellationToken cancellationToken = default) =>
        CallAsync(CallKind.Send, store => store.Add(producer, message, isCommitted: true).Message.ToResource(), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MessageResult>> PrepareAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default) =>
        CallAsync(CallKind.Prepare, store => AddAll(store, producer, messages, isCommitted: false), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MessageResult>> SendAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default) =>
        CallAsync(CallKind.Send, store => AddAll(store, producer, messages, isCommitted: true), cancellationToken);

    /// <inheritdoc/>
    public Task<MessageResource> CommitAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default) =>
        CallAsync(CallKind.Commit, store => store.Decide(id, Verdicts.Commit, ByOf(reason), reason).ToResource(), cancellationToken);

    /// <inheritdoc/>
    public Task<MessageResource> RollbackAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default) =>
        CallAsync(CallKind.Rollback, store => store.Decide(id, Verdicts.Rollback, ByOf(reason), reason).ToResource(), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MessageResult>> DecideAsync(IReadOnlyList<VerdictItem> verdicts, CancellationToken cancellationToken = default) =>
        CallAsync(
            CallKind.Decide,
            store => Each(verdicts, verdict => verdict.Id, verdict => (200, store.Decide(verdict.Id, verdict.Verdict, "producer").State)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<MessageResource?> FindAsync(Guid id, CancellationToken cancellationToken = default) =>
        CallAsync(CallKind.Find, store => store.Find(id)?.ToResource(), cancellationToken);

    /// <inheritdoc/>
    public Task<ProducerResource> RegisterProducerAsync(string name, ProducerRequest producer, CancellationToken cancellationToken = default) =>
        CallAsync(CallKind.Register, store => store.Register(name, producer), cancellationToken);

    /// <inheritdoc/>
    public Task<SubscriptionResource> RegisterSubscriptionAsync(string name, SubscriptionRequest subscription, CancellationToken cancellationToken = default) =>
        CallAsync(CallKind.Register, store => store.Register(name, subscription), cancellationToken);

    /// <summary>Registers a producer beside all faults: the set-up of a test.</summary>
    internal void Register(string name, ProducerRequest producer) => Locked(store => store.Register(name, producer));

    private static IReadOnlyList<MessageResult> AddAll(Store store, string producer, IReadOnlyList<Message> messages, bool isCommitted) =>
        Each(messages, message => message.Id, message =>
        {
            var (added, isNew) = store.Add(producer, message, isCommitted);
            return (isNew ? 201 : 200, added.State);
        });

    private static IReadOnlyList<MessageResult> Each<T>(IReadOnlyList<T> items, Func<T, Guid> id, Func<T, (int Status, string State)> act) => [.. items.Select(item =>
    {
        try
        {
            var (status, state) = act(item);
            return new MessageResult(id(item), status, state, null);
        }
        catch (CoordinatorRefusedException refused)
        {
            var recorded = (refused as VerdictConflictException)?.Recorded;
            var state = recorded is null ? null : recorded == Verdicts.Commit ? MessageStates.Committed : MessageStates.RolledBack;
            return new MessageResult(id(item), refused.Status, state, refused.Message) { Errors = refused.Errors };
        }
    })];

    // Where nobody says who they are, a person gives a reason.
    private static string ByOf(string? reason) => reason is null ? "producer" : "operator";

    private Task<T> CallAsync<T>(CallKind call, Func<Store, T> act, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(Locked(store => faults.Call(call, Offline, () => act(store))));
        }
        catch (CoordinatorException exception)
        {
            return Task.FromException<T>(exception);
        }
    }

    private void AddFault(CallKind? call, bool actsFirst, int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        lock (gate) faults.Add(call, actsFirst, times);
    }

    private T Locked<T>(Func<Store, T> act)
    {
        lock (gate) return act(state);
    }
}
