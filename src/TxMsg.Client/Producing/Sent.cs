namespace TxMsg.Client.Producing;

/// <summary>What the coordinator knows of a local transaction that committed.</summary>
public enum VerdictStatus
{
    /// <summary>It has the verdict: the messages are on their way.</summary>
    Recorded,

    /// <summary>It could not be told. It will ask, and the messages are delivered then: nothing is to be done.</summary>
    Pending,

    /// <summary>It had the other verdict: somebody rolled the message back by hand while the local transaction ran. The message is not delivered; a person must look.</summary>
    Overruled,

    /// <summary>It does not know the message any more, which it had stored, and did not take it again: a fail-over or a restored backup lost it. It will never ask,
    /// and the message is not delivered: send it again as an ordinary one, with the same id.</summary>
    Lost,
}

/// <summary>The local transaction committed, and its messages with it.</summary>
/// <param name="Verdict">What the coordinator knows of it.</param>
public record Sent(VerdictStatus Verdict)
{
    /// <summary>Whether the coordinator still has to ask for the verdict.</summary>
    public bool VerdictPending => Verdict == VerdictStatus.Pending;
}

/// <summary>The local transaction committed, and its messages with it.</summary>
/// <param name="Value">What the work returned.</param>
/// <param name="Verdict">What the coordinator knows of it.</param>
/// <typeparam name="T">What the work returns.</typeparam>
public sealed record Sent<T>(T Value, VerdictStatus Verdict) : Sent(Verdict);
