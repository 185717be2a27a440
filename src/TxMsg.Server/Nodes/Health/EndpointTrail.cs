using TxMsg.Server.Observability;

namespace TxMsg.Server.Nodes.Health;

/// <summary>Follows one endpoint's counters through time: what was counted between two looks belongs to the time of the first.</summary>
internal sealed class EndpointTrail(int kind, long subjectId, EndpointCounters counters)
{
    private readonly RecentAttempts recent = new();
    private long attempts;
    private long failures;
    private HealthRow? confirmed;

    /// <summary>The row as of the last look.</summary>
    public HealthRow Row { get; private set; } = new() { Kind = kind, SubjectId = subjectId };

    /// <summary>Whether there is something that the store does not have.</summary>
    public bool IsChanged => confirmed is null ? Row.Recent is not null || Row.CircuitUntil is not null : Row != confirmed;

    /// <summary>Looks.</summary>
    public void Take(long before, long now, DateTimeOffset? circuitUntil)
    {
        // Failures first: never more of them than attempts.
        var (failed, tried) = (counters.Failures, counters.Attempts);
        if (tried == attempts && failed == failures && Row.CircuitUntil == circuitUntil?.ToUnixTimeMilliseconds()) return;
        recent.Add(RecentAttempts.SlotOf(before), tried - attempts, failed - failures);
        (attempts, failures) = (tried, failed);
        var last = counters.LastFailure;
        Row = Row with
        {
            LastSuccessAt = counters.LastSuccessAt,
            LastFailureAt = last?.At,
            LastStatus = last?.Status,
            LastError = last?.Error,
            Recent = recent.Format(now),
            CircuitUntil = circuitUntil?.ToUnixTimeMilliseconds(),
        };
    }

    /// <summary>When it had its turn to be stored, counted in heartbeats; 0: never.</summary>
    public long StoredIn { get; private set; }

    /// <summary>The store has this row.</summary>
    public void Confirm(HealthRow row, long heartbeat) => (confirmed, StoredIn) = (row, heartbeat);
}
