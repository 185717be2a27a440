using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.DeadLetters;

public sealed class RedeliveryTests(StoreProvider provider) : StoreFixture(provider)
{
    [TestCase(DeliveryEvent.Acknowledge, "delivered")]
    [TestCase(DeliveryEvent.DeadLetter, null)]
    public async Task Redeliver_OfAFinishedDelivery_MakesItDueWithItsScheduleBegunAnew(DeliveryEvent end, string? counter)
    {
        var (subscription, id) = await FinishAsync(end);
        var before = await CountAsync("delivered");

        (await RedeliverAsync(id, subscription)).IsDone.Should().BeTrue();

        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle().Which.Should().BeEquivalentTo(new { MessageId = id, Attempts = 1, ScheduleStart = 1 });
        (await CountAsync("delivered") - before).Should().Be(counter is null ? 0 : -1);
    }

    [Test]
    public async Task Redeliver_OfADiscardedOne_TakesItOffTheCount()
    {
        var (subscription, id) = await FinishAsync(DeliveryEvent.DeadLetter);
        await Node.Get<DeadLetterService>().ApplyAsync(subscription, DeadLetterAction.Discard, [id], "ann", "because", CancellationToken.None);
        var before = await CountAsync("discarded");

        (await RedeliverAsync(id, subscription)).Should().Be(new Redelivery(true, MessageState.Committed, DeliveryState.Discarded));

        (await CountAsync("discarded") - before).Should().Be(-1);
        (await StoryAsync(id)).Should().Equal("refused", "deadLettered", "discard", "redeliver");
    }

    [Test]
    public async Task Redeliver_OfADeliveredOne_KeepsTheFirstSuccessInItsTimeline()
    {
        var (subscription, id) = await FinishAsync(DeliveryEvent.Acknowledge);
        Time.Advance(TimeSpan.FromSeconds(10));
        await RedeliverAsync(id, subscription);
        Time.Advance(TimeSpan.FromSeconds(10));
        await Node.FinishAsync((await Node.ClaimAsync(subscription, Time)).Single(), DeliveryEvent.DeadLetter, Time);
        Time.Advance(TimeSpan.FromSeconds(10));
        await RedeliverAsync(id, subscription);
        Time.Advance(TimeSpan.FromSeconds(10));
        await Node.FinishAsync((await Node.ClaimAsync(subscription, Time)).Single(), DeliveryEvent.Acknowledge, Time);

        (await StoryAsync(id)).Should().Equal("delivered", "redeliver", "refused", "deadLettered", "redeliver", "delivered");
    }

    [Test]
    public async Task Redeliver_OfWhatIsOnItsWay_IsRefused()
    {
        var (subscription, id) = await CommitAsync();
        (await RedeliverAsync(id, subscription)).Should().Be(new Redelivery(false, MessageState.Committed, DeliveryState.Pending));
        await Node.ClaimAsync(subscription, Time);
        (await RedeliverAsync(id, subscription)).Should().Be(new Redelivery(false, MessageState.Committed, DeliveryState.Leased));
        (await StoryAsync(id)).Should().BeEmpty();
    }

    [Test]
    public async Task Redeliver_OfWhatIsNotThere_SaysWhatIsMissing()
    {
        var (subscription, id) = await CommitAsync();
        var stranger = await Node.SubscribeAsync(NodeActions.Unique("topic"));
        var half = (await Node.PrepareAsync(Messages.New(await Node.RegisterProducerAsync(), subscription.Topic), Time)).Message.Id;
        (await RedeliverAsync(id, stranger)).Should().Be(new Redelivery(false, MessageState.Committed, null));
        (await RedeliverAsync(half, subscription)).Should().Be(new Redelivery(false, MessageState.Prepared, null));
        (await RedeliverAsync(Guid.CreateVersion7(), subscription)).Should().Be(default(Redelivery));
    }

    [Test]
    public async Task Redeliver_Twice_InOneTransactionOrByTwoNodes_IsDoneOnce()
    {
        var (subscription, id) = await FinishAsync(DeliveryEvent.Acknowledge);
        var other = await AddNodeAsync();
        var operations = Enumerable.Range(0, 6).Select(_ => Operation(id, subscription)).ToArray();

        await Task.WhenAll(operations.Select((operation, place) => (place % 2 == 0 ? Node : other).Committer.WriteAsync(operation)));

        operations.Count(operation => operation.Result.IsDone).Should().Be(1);
        (await StoryAsync(id)).Should().Equal("delivered", "redeliver");
    }

    [Test]
    public async Task Redeliver_WithAnOrderingKey_WaitsForItsTurn()
    {
        var producer = await Node.RegisterProducerAsync();
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"), ordered: true);
        var first = Messages.New(producer, subscription.Topic, orderingKey: "k", committed: true);
        await Node.PrepareAsync(first, Time);
        await Node.FinishAsync((await Node.ClaimAsync(subscription, Time)).Single(), DeliveryEvent.Acknowledge, Time);
        var second = Messages.New(producer, subscription.Topic, orderingKey: "k", committed: true);
        await Node.PrepareAsync(second, Time);
        var head = (await Node.ClaimAsync(subscription, Time)).Single();
        head.MessageId.Should().Be(second.Id);

        (await RedeliverAsync(first.Id, subscription)).IsDone.Should().BeTrue();

        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty("the head is under way");
        await Node.FinishAsync(head, DeliveryEvent.Acknowledge, Time);
        var again = (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle().Subject;
        again.MessageId.Should().Be(first.Id);
        await Node.FinishAsync(again, DeliveryEvent.Acknowledge, Time);
        await Node.PrepareAsync(Messages.New(producer, subscription.Topic, orderingKey: "k", committed: true), Time);
        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle("the lane was left as it should be");
    }

    [Test]
    public async Task Purge_OfWhatHasBeenSentAgainSinceItWasFound_LeavesIt()
    {
        var (subscription, id) = await FinishAsync(DeliveryEvent.Acknowledge);
        var seq = (await Node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None))!.Seq;
        await RedeliverAsync(id, subscription);

        (await Node.Database.WriteAsync(connection => connection.ExecuteAsync("DeleteMessages", new { seqs = new[] { seq } }))).Should().Be(0);

        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle();
    }

    private RedeliveryOperation Operation(Guid id, Subscription subscription) => new(id, subscription.Id, Time.GetUtcNow()) { Actor = "ann", Reason = "because" };

    private Task<Redelivery> RedeliverAsync(Guid id, Subscription subscription) => Node.Committer.WriteAsync(Operation(id, subscription));

    private async Task<long> CountAsync(string counter) => (await Node.Get<StatsReader>().ReadAsync(CancellationToken.None)).FinishedAs(counter);

    private async Task<IReadOnlyList<string>> StoryAsync(Guid id)
    {
        var row = (await Node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None))!;
        return (await Node.Get<TimelineReader>().ReadAsync(row, CancellationToken.None)).Events
            .Where(entry => entry.Kind is not ("prepared" or "committed")).Select(entry => entry.Action ?? entry.Outcome ?? entry.Kind).Where(what => what != "discarded").ToArray();
    }

    private async Task<(Subscription Subscription, Guid Id)> CommitAsync()
    {
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"));
        var message = Messages.New(await Node.RegisterProducerAsync(), subscription.Topic, committed: true);
        await Node.PrepareAsync(message, Time);
        return (subscription, message.Id);
    }

    private async Task<(Subscription Subscription, Guid Id)> FinishAsync(DeliveryEvent end)
    {
        var (subscription, id) = await CommitAsync();
        await Node.FinishAsync((await Node.ClaimAsync(subscription, Time)).Single(), end, Time);
        Time.Advance(TimeSpan.FromMilliseconds(10));
        return (subscription, id);
    }
}
