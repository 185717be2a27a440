using TxMsg.Benchmarks.CommandLine;

namespace TxMsg.Benchmarks.Measuring;

/// <summary>One of the servers that are measured side by side.</summary>
internal sealed record Target(string Name, bool IsReal = true, bool GroupCommit = true, bool HasHistory = false, bool HasTabs = false, bool IsBatch = false)
{
    /// <summary>The server as it is by default.</summary>
    public static readonly Target TxMsg = new("txmsg");

    /// <summary>The ceiling.</summary>
    public static readonly Target NoOp = new("noop", IsReal: false);

    /// <summary>The ceiling, where the threads that wait for sockets are scheduled as the server's.</summary>
    public static readonly Target NoOpBatch = new("noop-batch", IsReal: false, IsBatch: true);

    /// <summary>The server with one commit a write.</summary>
    public static readonly Target Floor = new("floor", GroupCommit: false);

    /// <summary>The server with finished messages in its store.</summary>
    public static readonly Target History = new("history", HasHistory: true);

    /// <summary>The server with overview pages open in browsers.</summary>
    public static readonly Target Tabs = new("tabs", HasTabs: true);

    public static IReadOnlyList<Target> Chosen(ThroughputOptions options)
    {
        var known = new[] { TxMsg, NoOp, NoOpBatch, Floor }.ToDictionary(target => target.Name);
        var chosen = options.Only.Select(name => known.TryGetValue(name, out var target)
            ? target
            : throw new UsageException($"--only takes {string.Join(", ", known.Keys)}, not '{name}'.")).ToList();
        if (options.History > 0) chosen.Add(History);
        if (options.Tabs > 0) chosen.Add(Tabs);
        return chosen;
    }
}
