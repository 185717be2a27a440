namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>How much a relay claims at once, by how its claims went. Why one fails is not known: what is too much for one try looks like a
/// coordinator that is away. So the next one has half as many messages, down to one; and a message that fails alone waits alone.</summary>
internal sealed class ClaimPace(int batchSize, Backoff backoff)
{
    private const int MaxKnown = 1000;

    private readonly Dictionary<long, int> failedAlone = [];
    private int bound = int.MaxValue;

    /// <summary>How many messages to claim at most.</summary>
    public int Limit => Math.Min(batchSize, bound);

    /// <summary>Whether it failed alone, and must not take others with it.</summary>
    public bool IsAlone(long seq) => failedAlone.ContainsKey(seq);

    /// <summary>Takes note of a claim's outcome.</summary>
    /// <param name="claim">What was sent, or not.</param>
    /// <param name="failures">The failed passes in a row, if this is one.</param>
    /// <returns>How long what was not sent has to wait: no less than the relay, so that others come before it.</returns>
    public TimeSpan Note(LocalMessageClaim claim, int failures)
    {
        foreach (var message in claim.Messages.Where(message => message.Outcome.Kind is SendOutcomeKind.Sent or SendOutcomeKind.Refused)) failedAlone.Remove(message.Seq);
        if (claim.Messages.All(message => message.Outcome.Kind != SendOutcomeKind.Unavailable))
        {
            // By a step: what was too much may be so still, and each failure takes as long as a call may. Where all is well the steps are quick.
            bound = Limit + 1 + batchSize / 20;
            return TimeSpan.Zero;
        }

        if (claim.Messages is [{ Outcome.Status: 0 } one]) return NoteAlone(one.Seq, failures);
        bound = Math.Max(1, claim.Messages.Count / 2);
        return TimeSpan.Zero;
    }

    // No answer at all. One of which that was known says nothing about the others.
    private TimeSpan NoteAlone(long seq, int failures)
    {
        // Another relay may have sent some since.
        if (failedAlone.Count == MaxKnown) failedAlone.Clear();
        var times = failedAlone[seq] = failedAlone.GetValueOrDefault(seq) + 1;
        if (times == 1) bound = 1;
        return backoff.Longest(Math.Max(times, failures));
    }
}
