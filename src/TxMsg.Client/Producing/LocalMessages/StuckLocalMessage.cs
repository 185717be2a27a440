namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>A message that the coordinator refused again and again. It waits for a person, and holds back the later messages of its ordering key.</summary>
/// <param name="Id">The message.</param>
/// <param name="Topic">The name it is published under.</param>
/// <param name="Key">Its business key.</param>
/// <param name="OrderingKey">Its ordering key.</param>
/// <param name="EnqueuedAt">When it was enqueued.</param>
/// <param name="Failures">How often it was refused.</param>
/// <param name="LastStatus">The HTTP status of the last refusal.</param>
/// <param name="LastError">What the coordinator said last; at most 1,000 characters.</param>
public sealed record StuckLocalMessage(
    Guid Id, string Topic, string? Key, string? OrderingKey, DateTimeOffset EnqueuedAt, int Failures, int LastStatus, string LastError);
