using System.Collections.Concurrent;
using TxMsg.Server.Observability;

namespace TxMsg.Server.CheckBacks;

/// <summary>How each producer has answered this node.</summary>
public sealed class ProducerCounters
{
    private readonly ConcurrentDictionary<long, EndpointCounters> counters = new();

    /// <summary>Those that were asked since the node began.</summary>
    public IEnumerable<KeyValuePair<long, EndpointCounters>> Used => counters;

    /// <summary>The counters of a producer.</summary>
    public EndpointCounters this[long producerId] => counters.GetOrAdd(producerId, static _ => new EndpointCounters());
}
