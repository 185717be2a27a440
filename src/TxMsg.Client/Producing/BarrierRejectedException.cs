namespace TxMsg.Client.Producing;

/// <summary>The barrier holds the message id already, and the local transaction has been rolled back: either a check-back came
/// before it and was answered <c>rollback</c>, or another local transaction used this id.</summary>
/// <param name="messageId">The message.</param>
/// <param name="innerException">What the database said.</param>
public sealed class BarrierRejectedException(Guid messageId, Exception? innerException = null) : Exception(
    $"This local transaction of message {messageId} must not commit: the barrier holds the id already, because a check-back has fenced it off, or because another transaction with it has committed. This one has been rolled back.",
    innerException)
{
    /// <summary>The message.</summary>
    public Guid MessageId { get; } = messageId;
}
