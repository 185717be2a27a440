namespace TxMsg.AcceptanceTests.Harness;

/// <summary>Several coordinators on one database of SQL Server.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly SqlServerTestStore store;
    private readonly List<Coordinator> nodes = [];

    private Cluster(SqlServerTestStore store) => this.store = store;

    public IReadOnlyList<Coordinator> Nodes => nodes;

    /// <summary>Skips the test, with the reason that all SQL Server runs are skipped with, where there is no server.</summary>
    public static async Task<Cluster> StartAsync(int count, Settings settings)
    {
        if (ServerDatabase.Server is null) Assert.Ignore(TestStores.NotConfigured);
        var cluster = new Cluster(await SqlServerTestStore.CreateAsync());
        try
        {
            for (var node = 0; node < count; node++)
                cluster.nodes.Add(await Coordinator.StartAsync(settings.With(cluster.store.Settings).With("TxMsg:Nodes:Name", $"node-{node}")));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A producer at the first node.</summary>
    public async Task<Producer> RegisterProducerAsync(Receiver receiver)
    {
        var checkBacks = new CheckBackEndpoint(receiver.Open());
        var name = Unique.Name("shop");
        var reply = (await nodes[0].Api.PutAsync($"/v1/producers/{name}", new NewProducer(checkBacks.Inbox.Url))).Expect(201);
        return new Producer(name, reply.Text("secret")!, checkBacks, nodes[0].Api);
    }

    /// <summary>A subscription of a new topic, each of whose deliveries takes so long.</summary>
    public async Task<Consumer> SubscribeAsync(Receiver receiver, TimeSpan answersAfter, int concurrency)
    {
        var inbox = receiver.Open();
        inbox.AnswerWith(Answer.Ok with { Delay = answersAfter });
        var (name, topic) = (Unique.Name("billing"), Unique.Name("orders"));
        var body = new NewSubscription(topic, inbox.Url) { RetryScheduleSeconds = [1, 1], MaxConcurrency = concurrency };
        var reply = (await nodes[0].Api.PutAsync($"/v1/subscriptions/{name}", body)).Expect(201);
        return new Consumer(name, topic, reply.Text("secret")!, inbox);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        await store.DisposeAsync();
    }
}
