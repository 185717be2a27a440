namespace TxMsg.FaultTests.Recording;

/// <summary>What a coordinator says of itself, once everything is drained.</summary>
internal sealed record CoordinatorView
{
    /// <summary>The state of every message that it has.</summary>
    public IReadOnlyDictionary<Guid, string> States { get; init; } = new Dictionary<Guid, string>();

    public IReadOnlySet<(byte Consumer, Guid Id)> DeadLetters { get; init; } = new HashSet<(byte, Guid)>();

    /// <summary>How many attempts it logged, for some of the deliveries.</summary>
    public IReadOnlyDictionary<(byte Consumer, Guid Id), int> Attempts { get; init; } = new Dictionary<(byte, Guid), int>();
}
