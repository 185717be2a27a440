using TxMsg.Server.CheckBacks;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Nodes.Health;

/// <summary>Collects what this node has seen of each endpoint. The hot path only counts; who wants to know looks here.</summary>
public sealed class HealthCollector(OutletDirectory outlets, ProducerCounters producers, ProducerBreaker breaker, TimeProvider time)
{
    /// <summary>So many rows go with one heartbeat; the others with the next.</summary>
    public const int MostRows = 500;

    private readonly Lock gate = new();
    private readonly Dictionary<(int Kind, long SubjectId), EndpointTrail> trails = [];
    private long heartbeat;
    private long before = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What this node has seen of every endpoint, up to now.</summary>
    public IReadOnlyList<HealthRow> List()
    {
        lock (gate)
        {
            Take();
            return trails.Values.Select(trail => trail.Row).ToArray();
        }
    }

    /// <summary>The rows that have changed since they were last confirmed, at most <see cref="MostRows"/>: those first whose turn is longest ago.</summary>
    public IReadOnlyList<HealthRow> ListChanged()
    {
        lock (gate)
        {
            Take();
            return trails.Values.Where(trail => trail.IsChanged).OrderBy(trail => trail.StoredIn).Take(MostRows).Select(trail => trail.Row).ToArray();
        }
    }

    /// <summary>These are in the store.</summary>
    public void Confirm(IReadOnlyList<HealthRow> rows)
    {
        lock (gate)
        {
            heartbeat++;
            foreach (var row in rows) trails[(row.Kind, row.SubjectId)].Confirm(row, heartbeat);
        }
    }

    private void Take()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var outlet in outlets.Used) Trail(HealthRow.Subscription, outlet.SubscriptionId, outlet.Counters).Take(before, now, outlet.Backoff.OpenedUntil);
        foreach (var (id, counters) in producers.Used) Trail(HealthRow.Producer, id, counters).Take(before, now, breaker.OpenedUntil(id));
        before = now;
    }

    private EndpointTrail Trail(int kind, long subjectId, EndpointCounters counters)
    {
        if (!trails.TryGetValue((kind, subjectId), out var trail)) trails.Add((kind, subjectId), trail = new EndpointTrail(kind, subjectId, counters));
        return trail;
    }
}
