namespace TxMsg.AcceptanceTests.Nodes;

/// <summary>What is to be done is done by all nodes, and once.</summary>
public sealed class When_several_nodes_work : ClusterTests
{
    protected override Settings Configure(Settings settings) => settings
        .With("TxMsg:CheckBacks:CheckBackAfter", "00:00:02")
        .With("TxMsg:Deliveries:Timeout", "00:00:02")
        // a node claims no more than it can send in a quarter of this
        .With("TxMsg:Deliveries:Lease", "00:00:04")
        .With("TxMsg:Retention:SweepInterval", "00:00:02");

    [TestCase(2)]
    [TestCase(3)]
    public async Task ABacklog_IsSharedByAll_AndNothingIsSentTwice(int nodes)
    {
        var shop = await StartAsync(nodes);
        var billing = await Cluster.SubscribeAsync(Receiver, answersAfter: TimeSpan.FromMilliseconds(50), concurrency: 4);
        (await Nodes[0].Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/pause")).Expect(200);
        var ids = await SendAsync(shop, Nodes[0], billing.Topic, count: 250 * nodes);

        (await Nodes[0].Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/resume")).Expect(200);
        await billing.Inbox.WaitForAllAsync(ids);

        Repeated(billing).Should().BeEmpty();
        var shares = await Eventually.ReadAsync(
            () => Task.WhenAll(Nodes.Select(DeliveredByAsync)), counts => (int)counts.Sum() == ids.Count, "every delivery to be counted, once");
        shares.Should().AllSatisfy(share => share.Should().BeGreaterThan(ids.Count / nodes / 2.0, "a fair part is {0}", ids.Count / nodes));
    }

    [Test]
    public async Task WhatIsCommittedAtANode_IsDeliveredByIt_Once()
    {
        var shop = await StartAsync(2);
        var billing = await Cluster.SubscribeAsync(Receiver, TimeSpan.Zero, concurrency: 16);
        var sent = await Task.WhenAll(Nodes.Select(node => SendAsync(shop, node, billing.Topic, 100)));

        await billing.Inbox.WaitForAllAsync(sent.SelectMany(ids => ids).ToArray());

        Repeated(billing).Should().BeEmpty();
        var shares = await Eventually.ReadAsync(
            () => Task.WhenAll(Nodes.Select(DeliveredByAsync)), counts => (int)counts.Sum() == 200, "every delivery to be counted, once");
        shares.Should().AllSatisfy(share => share.Should().BeGreaterThan(50));
    }

    [Test]
    public async Task WhatIsRegisteredAtANode_IsKnownToTheOthersAtOnce()
    {
        await StartAsync(2);
        for (var i = 0; i < 20; i++)
        {
            var (name, topic) = (Unique.Name("new"), Unique.Name("topic"));
            (await Nodes[0].Api.PutAsync($"/v1/producers/{name}", new { checkBackUrl = "http://127.0.0.1:9/" })).Expect(201);
            (await Nodes[1].Api.PostAsync("/v1/messages", new { producer = name, topic, payload = 1 })).Expect(201);
            (await Nodes[0].Api.PutAsync($"/v1/subscriptions/{name}", new { topic, endpoint = "http://127.0.0.1:9/" })).Expect(201);
            (await Nodes[1].Api.GetAsync($"/v1/subscriptions/{name}")).Expect(200);
        }
    }

    [Test]
    public async Task AProducer_IsAskedOnce_NotOnceANode()
    {
        var shop = await StartAsync(3);
        var billing = await Cluster.SubscribeAsync(Receiver, TimeSpan.Zero, concurrency: 16);
        var unknownFirst = 0;
        var ids = new List<string>();
        shop.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Commit));
        foreach (var node in Nodes)
        {
            var messages = Enumerable.Range(0, 60).Select(_ => shop.Message(billing.Topic) with { Id = Unique.Id() }).ToArray();
            (await node.Api.PostAsync("/v1/messages/batch", new { messages })).Expect(200);
            ids.AddRange(messages.Select(message => message.Id!));
            foreach (var message in messages.Take(10))
            {
                shop.CheckBacks.Decide(message.Id!, Verdicts.Unknown);
                unknownFirst++;
            }
        }

        await billing.Inbox.WaitForAllAsync(ids.Where((_, index) => index % 60 >= 10).ToArray());
        foreach (var id in ids) shop.CheckBacks.Decide(id, Verdicts.Commit);
        await billing.Inbox.WaitForAllAsync(ids);

        var asked = shop.CheckBacks.Inbox.Received.Select(request => (request.MessageId, Attempt: request.Json.Number("attempt"))).ToArray();
        asked.Should().OnlyHaveUniqueItems("no check-back of a message is made by two nodes");
        asked.Where(question => question.Attempt == 1).Should().HaveCount(ids.Count);
        asked.Where(question => question.Attempt > 1).Select(question => question.MessageId).Distinct().Should().HaveCount(unknownFirst);
        Repeated(billing).Should().BeEmpty();
    }

    [Test]
    public async Task APurge_RunsOnce_NotOnceANode()
    {
        // Each node's own would be over in three rounds, six seconds.
        const int Purges = 9;
        await StartAsync(3);
        var before = PurgesSoFar();
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await Eventually.HoldsAsync(() => PurgesSoFar().Should().BeGreaterThanOrEqualTo(before + Purges));

        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(Purges - 1), "one is due every two seconds, and none comes within half of that of another");
    }

    private int PurgesSoFar() => Nodes.Sum(node => node.Log.Split("Purged for all nodes").Length - 1);
}
