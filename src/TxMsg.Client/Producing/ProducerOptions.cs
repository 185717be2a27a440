using System.Data.Common;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Producing;

/// <summary>A producer: who it is, where the coordinator is, and how it answers check-backs. Validated at start.</summary>
public sealed class ProducerOptions
{
    /// <summary>The producer's name: 1 to 128 letters, digits, '.', '_' and '-'. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>The addresses of the coordinator's nodes: absolute http or https URLs, at least one.</summary>
    public IList<Uri> Coordinators { get; set; } = [];

    /// <summary>Whether the coordinator is asked for its nodes, so that <see cref="Coordinators"/> need name only some of them. Each node must
    /// announce an address that can be reached from here. Default false. See <see cref="CoordinatorOptions.DiscoverNodes"/>.</summary>
    public bool DiscoverNodes { get; set; }

    /// <summary>How often the nodes are asked for, at most; after a node failed, within a second. 1 second to 1 day. Default 30 seconds.</summary>
    public TimeSpan NodeRefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The key sent as <c>Authorization: Bearer</c>; none where the coordinator takes requests from its own machine only.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long one try of a call may take, before the next node is tried. More than 0, at most 1 hour. Default 2 seconds, so that a verdict gets to a second node
    /// within <see cref="VerdictTimeout"/>.</summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a call may take with all its tries: no less than <see cref="TryTimeout"/>, at most 1 day. Default 30 seconds.</summary>
    public TimeSpan OverallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the caller of a local transaction that has committed waits for the verdict to get through; after that it is left to the check-back.
    /// More than 0, at most 1 hour. Default 5 seconds.</summary>
    public TimeSpan VerdictTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The secrets that check-backs are signed with (<c>whsec_...</c>), the newest first; two while one is being rotated. At least one.</summary>
    public IList<string> Secrets { get; set; } = [];

    /// <summary>Returns a new, closed connection to the database that the local transactions run in: the barrier is there, and check-backs are answered from
    /// it. One database: what is committed in another one would be answered <c>rollback</c>, and is refused as far as it is noticed. Required.</summary>
    public Func<DbConnection>? Connect { get; set; }

    /// <summary>How check-backs are answered and the barrier is purged. Producer, secrets and connection are those given here.</summary>
    public BarrierOptions CheckBacks { get; } = new();

    /// <summary>Whether the producer is registered with the coordinator at start: tried until it succeeds, without holding up the start. Needs
    /// <see cref="CheckBackUrl"/>, and where keys are required an admin key. Default false.</summary>
    public bool RegisterAtStart { get; set; }

    /// <summary>Where the coordinator asks about half messages: the absolute URL of this service's check-back endpoint. Required to register.</summary>
    public Uri? CheckBackUrl { get; set; }

    /// <summary>Registered: when the coordinator asks first, after the prepare: more than 0, at most 30 days. Default: the coordinator's, 30 seconds.</summary>
    public TimeSpan? CheckBackAfter { get; set; }

    /// <summary>Registered: after how many answers <c>unknown</c> a half message is parked: 1 to 10,000. Default: the coordinator's, 15.</summary>
    public int? MaxUnknownAnswers { get; set; }

    /// <summary>Registered: how long after the prepare the coordinator asks about a half message, answered <c>unknown</c> or not at all; then it is
    /// parked: more than 0, at most 365 days. Default: the coordinator's, 72 hours.</summary>
    public TimeSpan? GiveUpAfter { get; set; }

    internal CoordinatorOptions ToCoordinator() =>
        new()
        {
            Addresses = [.. Coordinators ?? []],
            DiscoverNodes = DiscoverNodes,
            NodeRefreshInterval = NodeRefreshInterval,
            ApiKey = ApiKey,
            TryTimeout = TryTimeout,
            OverallTimeout = OverallTimeout,
        };

    internal BarrierOptions ToBarrier()
    {
        var options = new BarrierOptions
        {
            Producer = Name,
            Connect = Connect,
            Tolerance = CheckBacks.Tolerance,
            Wait = CheckBacks.Wait,
            RetainFor = CheckBacks.RetainFor,
            PurgeInterval = CheckBacks.PurgeInterval,
        };
        // What configuration leaves out may be null in spite of its type; the validators name it.
        foreach (var secret in Secrets ?? []) options.Secrets.Add(secret);
        return options;
    }
}
