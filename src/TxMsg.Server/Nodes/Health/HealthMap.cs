using TxMsg.Contracts.Registration;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Nodes.Health;

/// <summary>The health of endpoints at one time, what the nodes have seen put together.</summary>
public sealed class HealthMap(IEnumerable<HealthRow> rows, long now)
{
    private readonly ILookup<(int Kind, long SubjectId), HealthRow> rowsOf = rows.ToLookup(row => (row.Kind, row.SubjectId));

    /// <summary>How a subscription's endpoint answers.</summary>
    public EndpointHealth Of(Subscription subscription) => Merge(rowsOf[(HealthRow.Subscription, subscription.Id)]);

    /// <summary>How a producer answers check-backs.</summary>
    public EndpointHealth Of(Producer producer) => Merge(rowsOf[(HealthRow.Producer, producer.Id)]);

    private EndpointHealth Merge(IEnumerable<HealthRow> ofSubject)
    {
        var recent = new RecentAttempts();
        HealthRow? lastFailure = null;
        long? lastSuccessAt = null, circuitUntil = null;
        foreach (var row in ofSubject)
        {
            recent.Add(row.Recent, now);
            if (row.LastFailureAt > (lastFailure?.LastFailureAt ?? 0)) lastFailure = row;
            lastSuccessAt = Later(lastSuccessAt, row.LastSuccessAt);
            circuitUntil = Later(circuitUntil, row.CircuitUntil);
        }

        var (attempts, failures) = recent.Sum(now);
        return new EndpointHealth
        {
            LastSuccessAt = Time(lastSuccessAt),
            LastFailureAt = Time(lastFailure?.LastFailureAt),
            LastStatus = lastFailure?.LastStatus,
            LastError = lastFailure?.LastError,
            AttemptsLastHour = attempts,
            FailuresLastHour = failures,
            FailureRate = attempts == 0 ? null : (double)failures / attempts,
            Circuit = circuitUntil is null ? "closed" : now < circuitUntil ? "open" : "halfOpen",
            OpenUntil = now < circuitUntil ? Time(circuitUntil) : null,
        };
    }

    private static long? Later(long? one, long? other) => one is null || other > one ? other : one;

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
