using TxMsg.Server.Audit;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.DeadLetters;

public sealed class RetryNowTests(StoreProvider provider) : StoreFixture(provider)
{
    private const long AnHour = 3_600_000;

    [Test]
    public async Task OfAllThatWaitForARetry_MakesThemDue_AndLeavesTheirSchedulesWhereTheyAre()
    {
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"));
        await CommitAsync(subscription, RetryNowOperation.MaxRows + 5);
        var tried = await FailAllAsync(subscription);

        (await RetryAsync(subscription)).Should().Be(RetryNowOperation.MaxRows + 5);

        var claimed = await Node.ClaimAsync(subscription, Time, limit: 1000);
        claimed.Select(delivery => delivery.MessageId).Should().BeEquivalentTo(tried);
        claimed.Should().OnlyContain(delivery => delivery.Attempts == 1 && delivery.ScheduleStart == 0);
        (await RetryAsync(subscription)).Should().Be(0, "they are under way");
    }

    [Test]
    public async Task OfAllThatWaitForARetry_LeavesWhatWaitsForItsDelay_AndOtherSubscriptions()
    {
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"));
        var other = await Node.SubscribeAsync(subscription.Topic);
        await Node.PrepareAsync(Messages.New(await Node.RegisterProducerAsync(), subscription.Topic, committed: true, delay: TimeSpan.FromMinutes(1)), Time);
        await CommitAsync(subscription, 1);
        await FailAllAsync(subscription);
        await FailAllAsync(other);

        (await RetryAsync(subscription)).Should().Be(1);

        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle();
        (await Node.ClaimAsync(other, Time)).Should().BeEmpty();
    }

    [Test]
    public async Task OfAllThatWaitForARetry_KeepsTheOrderOfALane()
    {
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"), ordered: true);
        var ids = await CommitAsync(subscription, 2, orderingKey: "k");
        await FailAllAsync(subscription);

        (await RetryAsync(subscription)).Should().Be(1, "the second waits for the first");

        var head = (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle().Subject;
        head.MessageId.Should().Be(ids[0]);
        await Node.FinishAsync(head, DeliveryEvent.Acknowledge, Time);
        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle().Which.MessageId.Should().Be(ids[1]);
    }

    [Test]
    public async Task OfAllThatWaitForARetry_TouchesTheSubscription_ForEveryNodeToSee()
    {
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"));
        var other = await AddNodeAsync();
        var before = (await other.Registry.RefreshAsync(CancellationToken.None)).FindSubscription(subscription.Id)!.UpdatedAt;
        Time.Advance(TimeSpan.FromSeconds(1));

        await RetryAsync(subscription);

        (await other.Registry.RefreshAsync(CancellationToken.None)).FindSubscription(subscription.Id)!.UpdatedAt.Should().BeAfter(before);
    }

    [Test]
    public async Task OfOne_MakesItDue_AndKeepsWhoAndWhy()
    {
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"));
        var id = (await CommitAsync(subscription, 1))[0];
        await FailAllAsync(subscription);

        (await RetryOneAsync(id, subscription)).Should().Be(new Redelivery(true, MessageState.Committed, DeliveryState.Pending));

        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle().Which.Should().BeEquivalentTo(new { MessageId = id, Attempts = 1, ScheduleStart = 0 });
        var row = (await Node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None))!;
        (await Node.Get<TimelineReader>().ReadAsync(row, CancellationToken.None)).Events.Should()
            .ContainSingle(entry => entry.Action == AuditActions.RetryNow).Which.Should().BeEquivalentTo(new { By = "ann", Reason = "it is back", Subscription = subscription.Name });
    }

    [Test]
    public async Task OfOneThatIsOver_OrUnderWay_IsRefused()
    {
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"));
        var id = (await CommitAsync(subscription, 1))[0];
        var delivery = (await Node.ClaimAsync(subscription, Time)).Single();

        (await RetryOneAsync(id, subscription)).Should().Be(new Redelivery(false, MessageState.Committed, DeliveryState.Leased));
        await Node.FinishAsync(delivery, DeliveryEvent.Acknowledge, Time);
        (await RetryOneAsync(id, subscription)).Should().Be(new Redelivery(false, MessageState.Committed, DeliveryState.Delivered));
        (await Node.StateAsync(delivery)).Should().Be(DeliveryState.Delivered);
    }

    [Test]
    public async Task OfOneBehindInItsLane_IsRefused()
    {
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"), ordered: true);
        var ids = await CommitAsync(subscription, 2, orderingKey: "k");
        await FailAllAsync(subscription);

        (await RetryOneAsync(ids[1], subscription)).IsDone.Should().BeFalse();
    }

    private async Task<IReadOnlyList<Guid>> CommitAsync(Subscription subscription, int count, string? orderingKey = null)
    {
        var producer = await Node.RegisterProducerAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var message = Messages.New(producer, subscription.Topic, orderingKey: orderingKey, committed: true);
            await Node.PrepareAsync(message, Time);
            ids.Add(message.Id);
        }

        return ids;
    }

    // Each waits an hour for its retry.
    private async Task<IReadOnlyList<Guid>> FailAllAsync(Subscription subscription)
    {
        var tried = await Node.ClaimAsync(subscription, Time, limit: 1000);
        tried.Should().NotBeEmpty();
        foreach (var delivery in tried) (await Node.FinishAsync(delivery, DeliveryEvent.Retry, Time, AnHour)).Should().BeTrue();
        Time.Advance(TimeSpan.FromMilliseconds(10));
        return tried.Select(delivery => delivery.MessageId).ToArray();
    }

    private Task<long> RetryAsync(Subscription subscription) => Node.Get<RetryNowService>().RetryAsync(subscription, "ann", "it is back");

    private Task<Redelivery> RetryOneAsync(Guid id, Subscription subscription) =>
        Node.Committer.WriteAsync(new RedeliveryOperation(id, subscription.Id, Time.GetUtcNow()) { IsRetryNow = true, Actor = "ann", Reason = "it is back" });
}
