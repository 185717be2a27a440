using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Deliveries;

public sealed class FanOutTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Commit_ReachesTheSubscriptionsWhoseTagsMatch()
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("Topic");
        var all = await Node.SubscribeAsync(topic);
        var red = await Node.SubscribeAsync(topic, false, "red", "blue");
        await Node.SubscribeAsync(topic, false, "Red");
        await Node.SubscribeAsync(topic.ToLowerInvariant());
        var tagged = Messages.New(producer, topic, tag: "red");
        var untagged = Messages.New(producer, topic);
        await Node.CommitAsync(Time, tagged, untagged);
        (await Node.DeliveriesOfAsync(tagged.Id)).Select(row => row.Subscription).Should().BeEquivalentTo(all.Name, red.Name);
        (await Node.DeliveriesOfAsync(untagged.Id)).Select(row => row.Subscription).Should().BeEquivalentTo(all.Name);
    }

    [Test]
    public async Task Commit_OnANodeThatDoesNotKnowTheSubscriptionYet_ReachesIt()
    {
        var producer = await Node.RegisterProducerAsync();
        var other = await AddNodeAsync();
        var topic = NodeActions.Unique("topic");
        var subscription = await Node.SubscribeAsync(topic);
        other.Registry.Current.FindSubscription(subscription.Id).Should().BeNull();
        var message = Messages.New(producer, topic, committed: true);
        (await other.PrepareAsync(message, Time)).FannedOut!.Ways.Should().ContainSingle();
    }

    [Test]
    public async Task Commit_WhileASubscriptionIsPausedOrGone_WaitsForTheOneAndSkipsTheOther()
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var paused = await Node.SubscribeAsync(topic);
        var gone = await Node.SubscribeAsync(topic);
        await Node.Get<SubscriptionPauser>().PauseAsync(paused.Name, NodeActions.Actor, "for a test");
        await Node.Get<SubscriptionAdministration>().DeleteAsync(gone.Name, NodeActions.Actor, null);
        var message = Messages.New(producer, topic);
        await Node.CommitAsync(Time, message);
        (await Node.DeliveriesOfAsync(message.Id)).Should().ContainSingle().Which.Subscription.Should().Be(paused.Name);
    }

    [Test]
    public async Task Commit_WithADelay_IsDueThatLongAfterTheCommit()
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var subscription = await Node.SubscribeAsync(topic);
        var message = Messages.New(producer, topic, delay: TimeSpan.FromMilliseconds(90_001));
        await Node.PrepareAsync(message, Time);
        Time.Advance(TimeSpan.FromSeconds(5));
        await Node.DecideAsync(message.Id, Verdict.Commit, Time);
        Time.Advance(TimeSpan.FromMilliseconds(90_000));
        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle();
    }

    [Test]
    public async Task Commit_OnANodeWithRoom_LeasesTheDeliveryToItAtOnce()
    {
        var node = await AddNodeAsync(holds: true);
        var producer = await node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var subscription = await node.SubscribeAsync(topic);
        var message = Messages.New(producer, topic, committed: true);
        var way = (await node.PrepareAsync(message, Time)).FannedOut!.Ways.Single();
        way.Leased!.Id.Should().Be((await Node.DeliveriesOfAsync(message.Id)).Single().Id);
        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty();
        (await node.FinishAsync(way.Leased, DeliveryEvent.Acknowledge, Time)).Should().BeTrue();
        (await Node.DeliveriesOfAsync(message.Id)).Single().DeliveryState.Should().Be(DeliveryState.Delivered);
    }

    [Test]
    public async Task Commit_OfManyInOneTransaction_NumbersTheirDeliveriesInItsOrder()
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var subscription = await Node.SubscribeAsync(topic, ordered: true);
        var messages = Enumerable.Range(0, 200).Select(i => Messages.New(producer, topic, orderingKey: $"key {i % 7}")).ToArray();
        await Node.WriteTogetherAsync(messages.Select(message => (WriteOperation)NodeActions.Preparing(message, Time)).ToArray());
        // Not the order of ids and rows: that of the verdicts.
        var order = messages.Reverse().ToArray();
        await Node.WriteTogetherAsync(order.Select(message => (WriteOperation)NodeActions.Deciding(message.Id, Verdict.Commit, Time)).ToArray());
        var ids = new List<long>();
        foreach (var message in order) ids.Add((await Node.DeliveriesOfAsync(message.Id)).Single().Id);
        ids.Should().BeInAscendingOrder();
        (await Node.ClaimAsync(subscription, Time)).Select(delivery => delivery.MessageId)
            .Should().BeEquivalentTo(order.GroupBy(message => message.OrderingKey).Select(lane => lane.First().Id));
    }
}
