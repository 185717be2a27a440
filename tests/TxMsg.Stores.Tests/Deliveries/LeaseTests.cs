using System.Collections.Concurrent;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Stores.Tests.Deliveries;

public sealed class LeaseTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Claim_TakesWhatIsDueUpToItsLimit()
    {
        var subscription = await CommitManyAsync(10);
        (await Node.ClaimAsync(subscription, Time, 4)).Should().HaveCount(4);
        (await Node.ClaimAsync(subscription, Time, 100)).Should().HaveCount(6);
        (await Node.ClaimAsync(subscription, Time, 100)).Should().BeEmpty();
    }

    [Test]
    public async Task Claim_ReadsWhatIsSent()
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var subscription = await Node.SubscribeAsync(topic, ordered: true);
        var message = Messages.New(producer, topic, "[1]", key: "k", tag: "t", orderingKey: "o");
        await Node.CommitAsync(Time, message);
        var claimed = (await Node.ClaimAsync(subscription, Time)).Single();
        claimed.Should().BeEquivalentTo(new
        {
            MessageId = message.Id, message.ProducerId, message.Topic, message.Key, message.Tag, message.OrderingKey, LaneKey = "o",
            CommittedAt = Time.Milliseconds, Attempts = 0, ScheduleStart = 0, SubscriptionId = subscription.Id,
        });
        (await Node.Get<ContentReader>().FindAsync(claimed, CancellationToken.None))!.IsSameAs(message.Content).Should().BeTrue();
    }

    [Test]
    public async Task Claim_ByManyAtOnce_GivesNoRowTwice()
    {
        const int Count = 300;
        var subscription = await CommitManyAsync(Count);
        Node[] nodes = [Node, await AddNodeAsync(), await AddNodeAsync()];
        var claimed = new ConcurrentBag<long>();
        await Task.WhenAll(nodes.SelectMany(node => new[] { node, node }).Select(async node =>
        {
            while (claimed.Count < Count)
                foreach (var delivery in await node.ClaimAsync(subscription, Time, 7)) claimed.Add(delivery.Id);
        }));
        claimed.Should().OnlyHaveUniqueItems().And.HaveCount(Count);
    }

    [Test]
    public async Task Result_OfALostLease_ChangesNothing()
    {
        var subscription = await CommitManyAsync(1);
        var first = (await Node.ClaimAsync(subscription, Time)).Single();
        Time.Advance(DeliveryActions.Lease);
        await SweepAsync();
        var second = (await Node.ClaimAsync(subscription, Time)).Single();
        second.Id.Should().Be(first.Id);
        foreach (var late in new[] { DeliveryEvent.Acknowledge, DeliveryEvent.Retry, DeliveryEvent.DeadLetter, DeliveryEvent.Release })
        {
            await Node.FinishAsync(first, late, Time);
            (await Node.StateAsync(first)).Should().Be(DeliveryState.Leased);
        }

        await Node.FinishAsync(second, DeliveryEvent.Acknowledge, Time);
        (await Node.StateAsync(second)).Should().Be(DeliveryState.Delivered);
        await Node.FinishAsync(second, DeliveryEvent.Retry, Time);
        (await Node.StateAsync(second)).Should().Be(DeliveryState.Delivered);
    }

    [TestCase(DeliveryEvent.Acknowledge, DeliveryState.Delivered)]
    [TestCase(DeliveryEvent.Retry, DeliveryState.Pending)]
    [TestCase(DeliveryEvent.DeadLetter, DeliveryState.DeadLettered)]
    public async Task Result_OfALeaseThatHasEnded_CountsAsLongAsNobodyElseHasTheDelivery(DeliveryEvent late, DeliveryState expected)
    {
        var subscription = await CommitManyAsync(1);
        var held = (await Node.ClaimAsync(subscription, Time)).Single();
        Time.Advance(DeliveryActions.Lease);
        await SweepAsync();

        await Node.FinishAsync(held, late, Time, retryInMs: 1);

        (await Node.DeliveriesOfAsync(held.MessageId)).Single().Should().BeEquivalentTo(new { State = (int)expected, Attempts = 1 });
        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty("nobody is to send it now");
    }

    [Test]
    public async Task Renewal_OfALeaseThatHasEnded_TakesTheDeliveryBackAsLongAsNobodyElseHasIt()
    {
        var subscription = await CommitManyAsync(1);
        var held = (await Node.ClaimAsync(subscription, Time)).Single();
        Time.Advance(DeliveryActions.Lease);
        await SweepAsync();

        (await Node.Committer.WriteAsync(new RenewalOperation(held, Time.Milliseconds + 60_000))).Should().BeTrue();

        (await Node.StateAsync(held)).Should().Be(DeliveryState.Leased);
        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty();
    }

    [Test]
    public async Task Results_OfTwoLeasesInOneTransaction_KeepTheHoldersOne()
    {
        var subscription = await CommitManyAsync(1);
        var first = (await Node.ClaimAsync(subscription, Time)).Single();
        Time.Advance(DeliveryActions.Lease);
        await SweepAsync();
        var second = (await Node.ClaimAsync(subscription, Time)).Single();
        await Node.WriteTogetherAsync(
            DeliveryActions.Finishing(first, DeliveryEvent.DeadLetter, Time), DeliveryActions.Finishing(second, DeliveryEvent.Retry, Time, retryInMs: 1));
        (await Node.StateAsync(second)).Should().Be(DeliveryState.Pending);
    }

    [Test]
    public async Task Lease_BeforeItExpires_IsKept_AndAfterItIsDueAgain()
    {
        var subscription = await CommitManyAsync(3);
        await Node.ClaimAsync(subscription, Time);
        Time.Advance(DeliveryActions.Lease - TimeSpan.FromMilliseconds(1));
        await SweepAsync();
        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await SweepAsync();
        (await Node.ClaimAsync(subscription, Time)).Should().HaveCount(3);
    }

    [Test]
    public async Task Renewal_MovesTheLeaseOn_UnlessItIsLost()
    {
        var subscription = await CommitManyAsync(2);
        var held = await Node.ClaimAsync(subscription, Time);
        Time.Advance(TimeSpan.FromSeconds(59));
        var until = Time.Milliseconds + 60_000;
        (await Node.Committer.WriteAsync(new RenewalOperation(held[0], until))).Should().BeTrue();
        Time.Advance(TimeSpan.FromSeconds(1));
        await SweepAsync();
        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle().Which.Id.Should().Be(held[1].Id);
        (await Node.Committer.WriteAsync(new RenewalOperation(held[1], until))).Should().BeFalse();
        (await Node.FinishAsync(held[0], DeliveryEvent.Acknowledge, Time)).Should().BeTrue();
        (await Node.StateAsync(held[0])).Should().Be(DeliveryState.Delivered);
    }

    [Test]
    public async Task Retry_IsDueWhenItSaid_WithItsAttemptCounted()
    {
        var subscription = await CommitManyAsync(1);
        var first = (await Node.ClaimAsync(subscription, Time)).Single();
        await Node.FinishAsync(first, DeliveryEvent.Retry, Time, retryInMs: 1001);
        Time.Advance(TimeSpan.FromMilliseconds(1000));
        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle().Which.Attempts.Should().Be(1);
        var row = (await Node.DeliveriesOfAsync(first.MessageId)).Single();
        row.Should().BeEquivalentTo(new { Attempts = 1, LastStatus = (int?)500, LastError = "the answer was 500", LastLatencyMs = (long?)7, FinishedAt = (long?)null });
    }

    private async Task SweepAsync()
    {
        while (await Node.Get<ExpiredLeaseSweeper>().RunAsync(CancellationToken.None) > 0)
        {
        }
    }

    private async Task<Subscription> CommitManyAsync(int count)
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var subscription = await Node.SubscribeAsync(topic);
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Node.PrepareAsync(Messages.New(producer, topic, committed: true), Time)));
        return subscription;
    }
}
