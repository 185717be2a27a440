using TxMsg.Server.Deliveries;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Retention;
using TxMsg.Server.Storage;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Retention;

public sealed class PurgerTests(StoreProvider provider) : StoreFixture(provider)
{
    private Producer producer = null!;
    private Subscription subscription = null!;

    [SetUp]
    public async Task Subscribe()
    {
        producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        subscription = await Node.SubscribeAsync(topic);
    }

    [Test]
    public async Task Purge_RemovesRolledBackMessagesAfterThreeDays()
    {
        var message = Message();
        await Node.PrepareAsync(message, Time);
        await Node.DecideAsync(message.Id, Verdict.Rollback, Time);
        Time.Advance(TimeSpan.FromDays(3));
        await PurgeAsync();
        (await Node.StateOfAsync(message.Id)).Should().Be(MessageState.RolledBack);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await PurgeAsync();
        (await Node.StateOfAsync(message.Id)).Should().BeNull();
        (await Node.Get<MessageReader>().FindPayloadAsync(message.Id, CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Purge_KeepsWhatIsUndecidedUnderWayOrDead_AndRemovesWhatIsDelivered()
    {
        var prepared = Message();
        await Node.PrepareAsync(prepared, Time);
        var ids = await Node.CommitAsync(Time, Message(), Message(), Message());
        var claimed = await Node.ClaimAsync(subscription, Time, 2);
        await Node.FinishAsync(claimed[0], DeliveryEvent.Retry, Time, retryInMs: 0);
        var again = (await Node.ClaimAsync(subscription, Time)).Single(delivery => delivery.Id == claimed[0].Id);
        await Node.FinishAsync(again, DeliveryEvent.Acknowledge, Time);
        await Node.FinishAsync(claimed[1], DeliveryEvent.DeadLetter, Time);
        Time.Advance(TimeSpan.FromDays(30));
        (await PurgeAsync()).Committed.Should().BeGreaterThan(0);
        (await Node.StateOfAsync(prepared.Id)).Should().Be(MessageState.Prepared);
        (await Node.StateOfAsync(again.MessageId)).Should().BeNull();
        foreach (var id in ids.Where(id => id != again.MessageId)) (await Node.StateOfAsync(id)).Should().Be(MessageState.Committed);
    }

    [Test]
    public async Task Purge_OnTwoNodesAtOnce_CountsNothingOffTwice()
    {
        var other = await AddNodeAsync();
        var ids = await Node.CommitAsync(Time, Enumerable.Range(0, 150).Select(_ => Message()).ToArray());
        await Task.WhenAll((await Node.ClaimAsync(subscription, Time, 1000)).Select(delivery => Node.FinishAsync(delivery, DeliveryEvent.Acknowledge, Time)));
        var rolledBack = Enumerable.Range(0, 150).Select(_ => Message()).ToArray();
        await Task.WhenAll(rolledBack.Select(message => Node.PrepareAsync(message, Time)));
        await Task.WhenAll(rolledBack.Select(message => Node.DecideAsync(message.Id, Verdict.Rollback, Time)));
        var before = (await Node.Get<StatsReader>().ReadAsync(CancellationToken.None)).Finished;
        Time.Advance(TimeSpan.FromDays(30));
        await Task.WhenAll(PurgeAsync(), other.Get<Purger>().RunAsync(CancellationToken.None));
        foreach (var id in ids.Concat(rolledBack.Select(message => message.Id))) (await Node.StateOfAsync(id)).Should().BeNull();
        var after = (await Node.Get<StatsReader>().ReadAsync(CancellationToken.None)).Finished;
        after["rolledBack"].Should().Be(0);
        after["committed"].Should().BeGreaterThanOrEqualTo(0).And.BeLessThanOrEqualTo(before["committed"] - 150);
        after["delivered"].Should().BeGreaterThanOrEqualTo(0).And.BeLessThanOrEqualTo(before["delivered"] - 150);
    }

    [Test]
    public async Task Purge_GivesUpWhatWaitsForADeletedSubscription()
    {
        var id = (await Node.CommitAsync(Time, Message())).Single();
        await Node.Get<SubscriptionAdministration>().DeleteAsync(subscription.Name, NodeActions.Actor, null);
        (await PurgeAsync()).OrphansDiscarded.Should().Be(1);
        (await Node.DeliveriesOfAsync(id)).Single().DeliveryState.Should().Be(DeliveryState.Discarded);
    }

    [Test]
    public async Task Purge_RemovesTheLanesOfADeletedSubscription_ButNotWhileADeliveryIsUnderWay()
    {
        var (deleted, kept) = (await Node.SubscribeAsync(subscription.Topic, ordered: true), await Node.SubscribeAsync(subscription.Topic, ordered: true));
        await Node.CommitAsync(Time, Enumerable.Range(0, 130).Select(i => Messages.New(producer, subscription.Topic, orderingKey: $"key-{i % 120}")).ToArray());
        var underWay = (await Node.ClaimAsync(deleted, Time, 1)).Single();
        await Node.Get<SubscriptionAdministration>().DeleteAsync(deleted.Name, NodeActions.Actor, null);
        (await PurgeAsync()).OrphanedLanes.Should().Be(119, "more than one batch, and all but that of the delivery under way");
        await Node.FinishAsync(underWay, DeliveryEvent.Retry, Time);
        (await PurgeAsync()).OrphanedLanes.Should().Be(1);
        (await PurgeAsync()).OrphanedLanes.Should().Be(0);
        (await Node.ClaimAsync(kept, Time, 1000)).Should().HaveCount(120, "the lanes of another subscription stay");
    }

    private NewMessage Message() => Messages.New(producer, subscription.Topic);

    private Task<PurgeCounts> PurgeAsync() => Node.Get<Purger>().RunAsync(CancellationToken.None);
}
