using NUnit.Framework.Interfaces;

namespace TxMsg.AcceptanceTests.Nodes;

/// <summary>Several nodes on one database for each test, one test at a time: what they do together is a matter of time.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class ClusterTests
{
    private const int LogLinesShown = 60;

    protected Receiver Receiver { get; private set; } = null!;

    protected Cluster Cluster { get; private set; } = null!;

    protected IReadOnlyList<Coordinator> Nodes => Cluster.Nodes;

    protected virtual Settings Configure(Settings settings) => settings;

    [SetUp]
    public async Task StartTheReceiverAsync() => Receiver = await Receiver.StartAsync();

    [TearDown]
    public async Task StopAsync()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed && Cluster is not null)
        {
            foreach (var node in Nodes) TestContext.Out.WriteLine($"-- {node.Address} --\n" + string.Join('\n', node.Log.Split('\n').TakeLast(LogLinesShown)));
        }

        await (Cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Receiver.DisposeAsync();
    }

    protected async Task<Producer> StartAsync(int nodes)
    {
        Cluster = await Cluster.StartAsync(nodes, Configure(Settings.ForTests));
        return await Cluster.RegisterProducerAsync(Receiver);
    }

    /// <summary>Ordinary messages, committed at one node; returns their ids.</summary>
    protected static async Task<IReadOnlyList<string>> SendAsync(Producer producer, Coordinator node, string topic, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Unique.Id()).ToArray();
        var messages = ids.Select(id => producer.Message(topic) with { Id = id, Verdict = Verdicts.Commit });
        var reply = (await node.Api.PostAsync("/v1/messages/batch", new { messages })).Expect(200);
        reply.List("results").Select(result => result.Number("status")).Should().AllBeEquivalentTo(201);
        return ids;
    }

    /// <summary>How many deliveries a node has made, by its own count.</summary>
    protected static async Task<double> DeliveredByAsync(Coordinator node) =>
        (await node.Api.GetAsync("/metrics")).Expect(200).Content.Split('\n')
            .Where(line => line.StartsWith("txmsg_delivery_attempts", StringComparison.Ordinal) && line.Contains("delivered", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Which were sent more than once.</summary>
    protected static IReadOnlyList<IGrouping<string, ReceivedRequest>> Repeated(Consumer consumer) =>
        consumer.Inbox.Received.GroupBy(request => request.MessageId).Where(group => group.Count() > 1).ToArray();
}
