using TxMsg.Server.Storage;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>A fixture that runs on every store: one database for all its tests, which therefore use names of their own.</summary>
[TestFixtureSource(typeof(TestStore), nameof(TestStore.Available))]
public abstract class StoreFixture(StoreProvider provider)
{
    private readonly List<Node> others = [];

    protected TestStore Store { get; private set; } = null!;

    /// <summary>A coordinator that holds nothing in memory: what it commits is pending.</summary>
    protected Node Node { get; private set; } = null!;

    protected TestClock Time { get; } = new();

    [OneTimeSetUp]
    public async Task MakeStore()
    {
        Store = await TestStore.CreateAsync(provider);
        Node = new Node(Store.Open(), Time);
        await Node.StartAsync();
    }

    [OneTimeTearDown]
    public async Task DropStore()
    {
        await Node.DisposeAsync();
        await Store.DisposeAsync();
    }

    [TearDown]
    public async Task StopOthers()
    {
        foreach (var node in others) await node.DisposeAsync();
        others.Clear();
    }

    /// <summary>Another coordinator on the same database. (On SQLite only a test does that: a second process is refused.)</summary>
    protected async Task<Node> AddNodeAsync(bool holds = false)
    {
        var node = new Node(Store.Open(), Time, holds);
        others.Add(node);
        await node.JoinAsync();
        return node;
    }
}
