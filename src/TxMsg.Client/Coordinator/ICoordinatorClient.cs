using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Coordinator;

/// <summary>The coordinator's calls, one by one. Every call may be repeated: what was lost on the way back is answered again.
/// Safe for concurrent use.</summary>
/// <exception cref="CoordinatorUnavailableException">Of each call: no node answered within the time limit; whether the last one acted is not known.</exception>
/// <exception cref="CoordinatorRefusedException">Of each call: the coordinator refused it, and would again.</exception>
public interface ICoordinatorClient
{
    /// <summary>Stores a half message.</summary>
    Task<MessageResource> PrepareAsync(string producer, Message message, CancellationToken cancellationToken = default);

    /// <summary>Sends an ordinary message: committed at once. Where it was prepared as a half message before, this commits it.</summary>
    /// <exception cref="VerdictConflictException">It was prepared, and rolled back.</exception>
    Task<MessageResource> SendAsync(string producer, Message message, CancellationToken cancellationToken = default);

    /// <summary>Stores half messages, each judged alone; results in their order.</summary>
    Task<IReadOnlyList<MessageResult>> PrepareAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default);

    /// <summary>Sends ordinary messages, each judged alone; results in their order.</summary>
    Task<IReadOnlyList<MessageResult>> SendAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default);

    /// <summary>The local transaction committed.</summary>
    /// <exception cref="VerdictConflictException">The other verdict is recorded.</exception>
    Task<MessageResource> CommitAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>The local transaction can never commit any more.</summary>
    /// <exception cref="VerdictConflictException">The other verdict is recorded.</exception>
    Task<MessageResource> RollbackAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Gives verdicts (<c>commit</c> or <c>rollback</c>), each judged alone; results in their order.</summary>
    Task<IReadOnlyList<MessageResult>> DecideAsync(IReadOnlyList<VerdictItem> verdicts, CancellationToken cancellationToken = default);

    /// <summary>A message; null when there is none.</summary>
    Task<MessageResource?> FindAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Makes or updates a producer.</summary>
    Task<ProducerResource> RegisterProducerAsync(string name, ProducerRequest producer, CancellationToken cancellationToken = default);

    /// <summary>Makes or updates a subscription.</summary>
    Task<SubscriptionResource> RegisterSubscriptionAsync(string name, SubscriptionRequest subscription, CancellationToken cancellationToken = default);
}
