using System.Collections.Concurrent;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Deliveries;

public sealed class OrderingTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Deliveries_OfOneKey_ComeOneAtATimeInCommitOrder()
    {
        var (producer, topic, subscription) = await SubscribeAsync();
        var messages = Enumerable.Range(0, 4).Select(i => Messages.New(producer, topic, orderingKey: "key")).ToArray();
        var free = Messages.New(producer, topic);
        await Node.CommitAsync(Time, [messages[2], messages[0], free, messages[3], messages[1]]);
        Guid[] order = [messages[2].Id, messages[0].Id, messages[3].Id, messages[1].Id];
        var first = await Node.ClaimAsync(subscription, Time);
        first.Select(delivery => delivery.MessageId).Should().BeEquivalentTo([order[0], free.Id]);
        var head = first.Single(delivery => delivery.MessageId == order[0]);
        for (var i = 1; i < order.Length; i++)
        {
            (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty();
            await Node.FinishAsync(head, i == 2 ? DeliveryEvent.DeadLetter : DeliveryEvent.Acknowledge, Time);
            head = (await Node.ClaimAsync(subscription, Time)).Single();
            head.MessageId.Should().Be(order[i]);
        }
    }

    [Test]
    public async Task Retry_HoldsBackItsKeyOnly()
    {
        var (producer, topic, subscription) = await SubscribeAsync();
        await Node.CommitAsync(Time, Messages.New(producer, topic, orderingKey: "a"), Messages.New(producer, topic, orderingKey: "a"), Messages.New(producer, topic, orderingKey: "A"), Messages.New(producer, topic, orderingKey: "a "));
        var heads = await Node.ClaimAsync(subscription, Time);
        heads.Select(delivery => delivery.OrderingKey).Should().BeEquivalentTo("a", "A", "a ");
        await Node.FinishAsync(heads.Single(delivery => delivery.OrderingKey == "a"), DeliveryEvent.Retry, Time, retryInMs: 1000);
        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty();
        Time.Advance(TimeSpan.FromSeconds(1));
        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle().Which.Attempts.Should().Be(1);
    }

    [Test]
    public async Task Redelivery_OfAnOlderOne_WaitsUntilTheHeadIsFinished()
    {
        var (producer, topic, subscription) = await SubscribeAsync();
        var messages = Enumerable.Range(0, 3).Select(_ => Messages.New(producer, topic, orderingKey: "key")).ToArray();
        await Node.CommitAsync(Time, messages);
        await Node.FinishAsync((await Node.ClaimAsync(subscription, Time)).Single(), DeliveryEvent.DeadLetter, Time);
        var second = (await Node.ClaimAsync(subscription, Time)).Single();
        var redelivering = new DeadLetterOperation(subscription.Id, DeadLetterAction.Redeliver, Time.GetUtcNow()) { Actor = "test", MessageIds = [messages[0].Id] };
        (await Node.Committer.WriteAsync(redelivering)).Should().Be(1);
        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty();
        await Node.FinishAsync(second, DeliveryEvent.Acknowledge, Time);
        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle().Which.MessageId.Should().Be(messages[0].Id);
    }

    [Test]
    public async Task Lanes_UnderConcurrentCommitsAndResultsOfTwoNodes_DeliverEachOnceInOrder()
    {
        const int Keys = 4, PerKey = 25;
        var (producer, topic, subscription) = await SubscribeAsync();
        Node[] nodes = [Node, await AddNodeAsync()];
        var delivered = new ConcurrentQueue<LeasedDelivery>();
        var underWay = new ConcurrentDictionary<string, int>();
        var committing = Task.WhenAll(Enumerable.Range(0, Keys).Select(key => CommitOneByOneAsync(nodes[key % 2], producer, topic, $"key {key}", PerKey)));
        var working = Task.WhenAll(nodes.Select(node => WorkAsync(node, subscription, delivered, underWay, Keys * PerKey)));
        await Task.WhenAll(committing, working).WaitAsync(TimeSpan.FromMinutes(2));
        delivered.Select(delivery => delivery.Id).Should().OnlyHaveUniqueItems();
        foreach (var lane in delivered.GroupBy(delivery => delivery.OrderingKey))
            lane.Select(delivery => delivery.Id).Should().BeInAscendingOrder().And.HaveCount(PerKey);
    }

    private async Task CommitOneByOneAsync(Node node, Producer producer, string topic, string key, int count)
    {
        for (var i = 0; i < count; i++) await node.PrepareAsync(Messages.New(producer, topic, orderingKey: key, committed: true), Time);
    }

    private async Task WorkAsync(Node node, Subscription subscription, ConcurrentQueue<LeasedDelivery> delivered, ConcurrentDictionary<string, int> underWay, int total)
    {
        while (delivered.Count < total)
        {
            var claimed = await node.ClaimAsync(subscription, Time, 3);
            await Task.WhenAll(claimed.Select(async delivery =>
            {
                underWay.AddOrUpdate(delivery.OrderingKey!, 1, (_, count) => count + 1).Should().Be(1, "a key has one delivery under way");
                delivered.Enqueue(delivery);
                underWay.AddOrUpdate(delivery.OrderingKey!, 0, (_, count) => count - 1);
                await node.FinishAsync(delivery, DeliveryEvent.Acknowledge, Time);
            }));
        }
    }

    private async Task<(Producer Producer, string Topic, Subscription Subscription)> SubscribeAsync()
    {
        var topic = NodeActions.Unique("topic");
        return (await Node.RegisterProducerAsync(), topic, await Node.SubscribeAsync(topic, ordered: true));
    }
}
