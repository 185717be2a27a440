using TxMsg.Contracts.Messages;

namespace TxMsg.Client.Testing;

/// <summary>A message that the coordinator has.</summary>
/// <param name="Content">What was sent, its payload included.</param>
/// <param name="Resource">As the API shows it now: state, verdict, check-backs, deliveries.</param>
public sealed record RecordedMessage(Message Content, MessageResource Resource)
{
    /// <summary>One of <see cref="Contracts.MessageStates"/>.</summary>
    public string State => Resource.State;
}

/// <summary>A message on its way to one subscription.</summary>
/// <param name="Content">What is delivered.</param>
/// <param name="Resource">As the API shows it now: subscription, state, attempts, last answer.</param>
public sealed record RecordedDelivery(Message Content, DeliveryResource Resource)
{
    /// <summary>One of <see cref="Contracts.DeliveryStates"/>.</summary>
    public string State => Resource.State;
}

/// <summary>One try of a delivery.</summary>
/// <param name="At">When, by the test's clock.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Subscription">Where it went.</param>
/// <param name="Attempt">Which try it was: 1, 2, ... A duplicated one has the number of the first.</param>
/// <param name="Status">The status that the coordinator saw; null when it saw no answer.</param>
/// <param name="Error">What the receiver said with it, or why there is no answer.</param>
public sealed record RecordedAttempt(DateTimeOffset At, Guid MessageId, string Subscription, int Attempt, int? Status, string? Error);

/// <summary>One check-back.</summary>
/// <param name="At">When, by the test's clock.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Producer">Who was asked.</param>
/// <param name="Attempt">Which try it was: 1, 2, ...</param>
/// <param name="Answer"><c>commit</c>, <c>rollback</c>, <c>unknown</c> or <c>unreachable</c>.</param>
/// <param name="Error">Why there is no answer.</param>
public sealed record RecordedCheckBack(DateTimeOffset At, Guid MessageId, string Producer, int Attempt, string Answer, string? Error);
