namespace TxMsg.Client.Producing;

/// <summary>The commit of the local transaction failed in a way that leaves open whether it committed. No verdict was given: the coordinator asks, and
/// the barrier in the database answers. Sending the same message again (the same id) is safe: if it did commit, the
/// work is not run a second time, and that call ends with a <see cref="MessageDecidedException"/> whose state is <c>committed</c>.</summary>
/// <param name="ids">The messages.</param>
/// <param name="innerException">What the commit threw.</param>
public sealed class LocalCommitUncertainException(IReadOnlyList<Guid> ids, Exception innerException) : Exception(
    $"Whether the local transaction of message {string.Join(", ", ids)} committed is not known: {innerException.Message}", innerException)
{
    /// <summary>The message, or the first of several.</summary>
    public Guid MessageId => MessageIds[0];

    /// <summary>The messages.</summary>
    public IReadOnlyList<Guid> MessageIds { get; } = ids;
}

/// <summary>The message is decided by an earlier call, or by one at the same time: its local transaction was not run again. That it is <c>committed</c> is what
/// whoever repeats a call after a <see cref="LocalCommitUncertainException"/> hopes for.</summary>
/// <param name="id">The message.</param>
/// <param name="state"><c>committed</c> or <c>rolledBack</c>.</param>
public sealed class MessageDecidedException(Guid id, string state) : Exception(
    $"Message {id} is {state} already; its local transaction was not run. What is to be sent once more needs a new message.")
{
    /// <summary>The message.</summary>
    public Guid Id { get; } = id;

    /// <summary>One of <see cref="Contracts.MessageStates"/>: <c>committed</c> (an earlier call did the work) or <c>rolledBack</c> (nothing was done).</summary>
    public string State { get; } = state;
}
