using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Deliveries;

/// <summary>Whoever finishes the head of a lane takes on the next one, in the same transaction.</summary>
public sealed class SuccessionTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Next_OfAHeadThatIsOver_IsLeasedToWhoFinishedIt_UntilTheLaneIsEmpty()
    {
        var (subscription, messages) = await CommitAsync(3);
        var first = (await Node.ClaimAsync(subscription, Time)).Single();

        var second = (await FinishAsync(first, DeliveryEvent.Acknowledge)).Next;

        second.Should().BeEquivalentTo(new
        {
            MessageId = messages[1].Id, SubscriptionId = subscription.Id, LaneKey = "key", OrderingKey = "key", Topic = subscription.Topic, messages[1].ProducerId,
            Attempts = 0, LeasedUntil = Time.Milliseconds + 60_000, IsSuccessor = true,
        });
        (await Node.StateAsync(second!)).Should().Be(DeliveryState.Leased);
        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty();
        var third = (await FinishAsync(second!, DeliveryEvent.DeadLetter)).Next;
        third!.MessageId.Should().Be(messages[2].Id);
        (await FinishAsync(third, DeliveryEvent.Acknowledge)).Next.Should().BeNull();
        await Node.CommitAsync(Time, Messages.New(await Node.RegisterProducerAsync(), subscription.Topic, orderingKey: "key"));
        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle("the lane was left as it should be");
    }

    [Test]
    public async Task Next_OfSeveralLanesInOneTransaction_GoesToEach()
    {
        var producer = await Node.RegisterProducerAsync();
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"), ordered: true);
        foreach (var key in (string[])["a", "a", "b", "b", "c"]) await Node.CommitAsync(Time, Messages.New(producer, subscription.Topic, orderingKey: key));
        var heads = await Node.ClaimAsync(subscription, Time);
        var results = heads.Select(head => Result(head, DeliveryEvent.Acknowledge)).ToArray();

        await Node.WriteTogetherAsync([.. results]);

        results.ToDictionary(result => result.Delivery.OrderingKey!, result => result.Next?.OrderingKey).Should()
            .BeEquivalentTo(new Dictionary<string, string?> { ["a"] = "a", ["b"] = "b", ["c"] = null });
    }

    [Test]
    public async Task Next_ThatIsDelayed_IsLeftToItsTime()
    {
        var (subscription, _) = await CommitAsync(1);
        await Node.CommitAsync(Time, Messages.New(await Node.RegisterProducerAsync(), subscription.Topic, orderingKey: "key", delay: TimeSpan.FromMinutes(1)));

        (await FinishAsync((await Node.ClaimAsync(subscription, Time)).Single(), DeliveryEvent.Acknowledge)).Next.Should().BeNull();

        (await Node.ClaimAsync(subscription, Time)).Should().BeEmpty();
        Time.Advance(TimeSpan.FromMinutes(1));
        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle();
    }

    [Test]
    public async Task Next_OfAResultThatIsWrittenAgain_IsTheSame()
    {
        var (subscription, messages) = await CommitAsync(2);
        var first = Result((await Node.ClaimAsync(subscription, Time)).Single(), DeliveryEvent.Acknowledge);
        await Node.Committer.WriteAsync(first);
        var again = first.Again();

        (await Node.Committer.WriteAsync(again)).Should().BeFalse("it is recorded");

        again.Next!.MessageId.Should().Be(messages[1].Id);
        again.Next.LeaseToken.Should().Be(first.Next!.LeaseToken);
    }

    [Test]
    public async Task Next_IsNotTaken_ByAHolderWhoLostTheLease()
    {
        var (subscription, messages) = await CommitAsync(2);
        var stale = (await Node.ClaimAsync(subscription, Time)).Single();
        Time.Advance(DeliveryActions.Lease);
        await Node.Get<ExpiredLeaseSweeper>().RunAsync(CancellationToken.None);
        var head = (await Node.ClaimAsync(subscription, Time)).Single();

        (await FinishAsync(stale, DeliveryEvent.Acknowledge)).Should().BeEquivalentTo(new { Next = (LeasedDelivery?)null });

        (await Node.StateAsync(head)).Should().Be(DeliveryState.Leased);
        (await FinishAsync(head, DeliveryEvent.Acknowledge)).Next!.MessageId.Should().Be(messages[1].Id);
    }

    [TestCase(DeliveryEvent.Retry)]
    [TestCase(DeliveryEvent.Acknowledge)]
    public async Task Next_IsLeftToWhoFindsIt_WhereItIsNotAskedFor(DeliveryEvent end)
    {
        var (subscription, messages) = await CommitAsync(2);
        var head = (await Node.ClaimAsync(subscription, Time)).Single();

        await Node.FinishAsync(head, end, Time);

        var due = await Node.ClaimAsync(subscription, Time);
        due.Select(delivery => delivery.MessageId).Should().Equal(end == DeliveryEvent.Retry ? [] : [messages[1].Id]);
    }

    private async Task<(Subscription Subscription, IReadOnlyList<NewMessage> Messages)> CommitAsync(int count)
    {
        var producer = await Node.RegisterProducerAsync();
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"), ordered: true);
        var messages = Enumerable.Range(0, count).Select(_ => Messages.New(producer, subscription.Topic, orderingKey: "key")).ToArray();
        foreach (var message in messages) await Node.CommitAsync(Time, message);
        return (subscription, messages);
    }

    private DeliveryResult Result(LeasedDelivery delivery, DeliveryEvent end) => DeliveryActions.Finishing(delivery, end, Time, nextToken: LeaseToken.New());

    private async Task<DeliveryResult> FinishAsync(LeasedDelivery delivery, DeliveryEvent end)
    {
        var result = Result(delivery, end);
        await Node.Committer.WriteAsync(result);
        return result;
    }
}
