namespace TxMsg.FaultTests.Battery;

/// <summary>What a fault did: a row of the table that the battery ends in.</summary>
internal sealed record FaultRow(Fault Fault, int Seed)
{
    /// <summary>How often it was brought about: kills, crashes, resets.</summary>
    public long Times { get; init; }

    /// <summary>Messages whose half message was acknowledged and whose local transaction then committed, and ordinary messages that were acknowledged.</summary>
    public long Acknowledged { get; init; }

    /// <summary>Those of them that every subscription of their topic acknowledged, or holds as a dead letter.</summary>
    public long Delivered { get; init; }

    public long DeadLettered { get; init; }

    public long Lost { get; init; }

    /// <summary>Messages that were delivered although they were rolled back, never acknowledged or never sent, or to somebody they were not meant for.</summary>
    public long Unexpected { get; init; }

    /// <summary>Deliveries beyond the first of a message to a subscription; each must have its excuse.</summary>
    public long Duplicated { get; init; }

    public TimeSpan Took { get; init; }

    /// <summary>What else is worth knowing, in a few words.</summary>
    public string Note { get; init; } = "";

    /// <summary>Every invariant that did not hold, by its name.</summary>
    public IReadOnlyList<string> Violations { get; init; } = [];

    /// <summary>Why the fault was not shown; null if it was.</summary>
    public string? Skipped { get; init; }

    public bool Holds => Skipped is null && Violations.Count == 0 && Lost == 0 && Unexpected == 0;
}
