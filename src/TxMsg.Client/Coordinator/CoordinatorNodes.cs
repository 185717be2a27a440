namespace TxMsg.Client.Coordinator;

/// <summary>The nodes of a coordinator and the order to try them in. Safe for concurrent use.</summary>
internal sealed class CoordinatorNodes
{
    private readonly CoordinatorNode[] configured;
    private readonly TimeProvider time;
    private readonly TimeSpan pause;
    private readonly Random random;
    private volatile NodeList list;
    private volatile CoordinatorNode current;

    public CoordinatorNodes(IEnumerable<Uri> addresses, TimeProvider time, TimeSpan pause, Random random)
    {
        configured = addresses.Select(address => new CoordinatorNode(address)).ToArray();
        list = new NodeList(configured, configured.Length, IsAnnounced: false);
        current = configured[0];
        (this.time, this.pause, this.random) = (time, pause, random);
    }

    /// <summary>All of them: those that the coordinator has announced, then those that were configured and not announced.</summary>
    public IReadOnlyList<CoordinatorNode> All => list.Nodes;

    /// <summary>The one that answered last, then the others. What was configured and is not announced comes after what is announced, and
    /// what failed a short time ago last.</summary>
    public IEnumerable<CoordinatorNode> InOrder()
    {
        var now = time.GetUtcNow();
        var (nodes, first, _) = list;
        var start = Math.Max(Array.IndexOf(nodes, current), 0);
        return Enumerable.Range(0, nodes.Length)
            .Select(step => (start + step) % nodes.Length)
            .OrderBy(node => nodes[node].IsPausedAt(now))
            .ThenBy(node => node >= first)
            .Select(node => nodes[node]);
    }

    public void Answered(CoordinatorNode node)
    {
        node.Answered();
        current = node;
    }

    public void Failed(CoordinatorNode node) => node.PauseUntil(time.GetUtcNow() + pause);

    /// <summary>Takes what the coordinator has announced. Its clients spread over its nodes: each begins with one by chance, and a share of
    /// them moves to a node that is new.</summary>
    /// <param name="announced">At least one address.</param>
    public void Replace(IEnumerable<Uri> announced)
    {
        var before = list;
        var nodes = announced.Select(address => new CoordinatorNode(address)).DistinctBy(node => node.Address)
            .Select(node => Array.Find(before.Nodes, known => known.Address == node.Address) ?? node).ToArray();
        var newcomers = before.IsAnnounced && nodes.Contains(current) ? nodes.Except(before.Nodes.Take(before.First)).ToArray() : nodes;
        random.Shuffle(nodes);
        list = new NodeList([.. nodes, .. configured.Except(nodes)], nodes.Length, IsAnnounced: true);
        if (random.Next(nodes.Length) < newcomers.Length) current = newcomers[random.Next(newcomers.Length)];
    }

    // The first of the nodes are tried before the others.
    private sealed record NodeList(CoordinatorNode[] Nodes, int First, bool IsAnnounced);
}
