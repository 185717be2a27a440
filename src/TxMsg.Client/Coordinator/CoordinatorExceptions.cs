using System.Collections.ObjectModel;

namespace TxMsg.Client.Coordinator;

/// <summary>A call to the coordinator did not succeed.</summary>
public abstract class CoordinatorException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>No node answered within the time limit. Whether the last one acted is not known: repeat the call, or leave it to the check-back.</summary>
public sealed class CoordinatorUnavailableException(string message, Exception? innerException = null) : CoordinatorException(message, innerException);

/// <summary>The coordinator refused the call, and would refuse it again.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">The problem in a sentence, with the fields that it names.</param>
/// <param name="errors">What is wrong, by field.</param>
public class CoordinatorRefusedException(int status, string message, IReadOnlyDictionary<string, string[]>? errors = null) : CoordinatorException(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>What is wrong, by field; empty where no field is.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors ?? ReadOnlyDictionary<string, string[]>.Empty;
}

/// <summary>The other verdict is recorded, and no verdict is ever overwritten.</summary>
/// <param name="id">The message.</param>
/// <param name="recorded"><c>commit</c> or <c>rollback</c>.</param>
/// <param name="message">The problem in a sentence.</param>
public sealed class VerdictConflictException(Guid id, string recorded, string message) : CoordinatorRefusedException(409, message)
{
    /// <summary>The message.</summary>
    public Guid Id { get; } = id;

    /// <summary>The recorded verdict: <c>commit</c> or <c>rollback</c>.</summary>
    public string Recorded { get; } = recorded;
}
