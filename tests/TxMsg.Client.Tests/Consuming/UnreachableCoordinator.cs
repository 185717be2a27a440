using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Tests.Consuming;

/// <summary>A coordinator that can be called only to register subscriptions, and at first not even that.</summary>
internal sealed class UnreachableCoordinator : ICoordinatorClient
{
    public int Failures { get; init; }

    /// <summary>The subscription that it does not take, until nobody is named any more.</summary>
    public string? Refused { get; set; }

    public int Calls { get; private set; }

    public TaskCompletionSource<(string Name, SubscriptionRequest Request)> Registered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<SubscriptionResource> RegisterSubscriptionAsync(string name, SubscriptionRequest subscription, CancellationToken cancellationToken = default)
    {
        Calls++;
        if (name == Refused) throw new CoordinatorRefusedException(400, "no such topic");
        if (Calls <= Failures) throw new CoordinatorUnavailableException("no answer");
        Registered.TrySetResult((name, subscription));
        return Task.FromResult(new SubscriptionResource
        {
            Name = name, Topic = subscription.Topic, Endpoint = subscription.Endpoint, Tags = [], Ordered = false, MaxConcurrency = 16, TimeoutSeconds = 15,
            RetryScheduleSeconds = [], State = "active", Pending = 0, Leased = 0, DeadLettered = 0, CreatedAt = default, UpdatedAt = default,
        });
    }

    public Task<MessageResource> PrepareAsync(string producer, Message message, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MessageResource> SendAsync(string producer, Message message, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<MessageResult>> PrepareAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<MessageResult>> SendAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MessageResource> CommitAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MessageResource> RollbackAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<MessageResult>> DecideAsync(IReadOnlyList<VerdictItem> verdicts, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<MessageResource?> FindAsync(Guid id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ProducerResource> RegisterProducerAsync(string name, ProducerRequest producer, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
