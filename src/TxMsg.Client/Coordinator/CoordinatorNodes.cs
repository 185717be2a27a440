namespace TxMsg.Client.Coordinator;

/// <summary>The nodes of a coordinator and the order to try them in. Safe for concurrent use.</summary>
internal sealed class CoordinatorNodes
{
    private readonly Uri[] addresses;
    private readonly long[] lastUntil;
    private readonly TimeProvider time;
    private readonly TimeSpan pause;
    private int current;

    public CoordinatorNodes(IEnumerable<Uri> addresses, TimeProvider time, TimeSpan pause)
    {
        // Without the slash at its end the last segment of a path would be replaced, not continued.
        this.addresses = addresses.Select(address => address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/")).ToArray();
        lastUntil = new long[this.addresses.Length];
        this.time = time;
        this.pause = pause;
    }

    public Uri this[int node] => addresses[node];

    public int Count => addresses.Length;

    /// <summary>The one that answered last, then the others; those that failed a short time ago come after these.</summary>
    public IEnumerable<int> InOrder()
    {
        var now = time.GetUtcNow().UtcTicks;
        var first = Volatile.Read(ref current);
        return Enumerable.Range(0, addresses.Length)
            .Select(step => (first + step) % addresses.Length)
            .OrderBy(node => now < Volatile.Read(ref lastUntil[node]));
    }

    public void Answered(int node)
    {
        Volatile.Write(ref lastUntil[node], 0);
        Volatile.Write(ref current, node);
    }

    public void Failed(int node) => Volatile.Write(ref lastUntil[node], (time.GetUtcNow() + pause).UtcTicks);
}
