using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.DeadLetters;

public sealed class DeadLetterStoreTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Redeliver_All_MakesThemDueWithTheScheduleBegunAnew()
    {
        var subscription = await KillAsync(DeadLetterOperation.MaxRows + 5);
        (await ApplyAsync(subscription, DeadLetterAction.Redeliver)).Should().Be(DeadLetterOperation.MaxRows + 5);
        (await ApplyAsync(subscription, DeadLetterAction.Redeliver)).Should().Be(0);
        var claimed = await Node.ClaimAsync(subscription, Time, 1000);
        claimed.Should().HaveCount(DeadLetterOperation.MaxRows + 5).And.OnlyContain(delivery => delivery.Attempts == 1 && delivery.ScheduleStart == 1);
    }

    [Test]
    public async Task Redeliver_ByMessage_TakesThoseThatAreDead()
    {
        var subscription = await KillAsync(3);
        var dead = (await ListAsync(subscription)).Items;
        (await ApplyAsync(subscription, DeadLetterAction.Redeliver, dead[1].MessageId, Guid.CreateVersion7(), dead[1].MessageId)).Should().Be(1);
        (await Node.ClaimAsync(subscription, Time)).Should().ContainSingle().Which.MessageId.Should().Be(dead[1].MessageId);
        (await ListAsync(subscription)).Items.Select(item => item.MessageId).Should().Equal(dead[0].MessageId, dead[2].MessageId);
    }

    [Test]
    public async Task Discard_IsFinal_AndKeepsWhoAndWhy()
    {
        var subscription = await KillAsync(1);
        var dead = (await ListAsync(subscription)).Items.Single();
        (await ApplyAsync(subscription, DeadLetterAction.Discard)).Should().Be(1);
        (await ApplyAsync(subscription, DeadLetterAction.Redeliver, dead.MessageId)).Should().Be(0);
        (await Node.DeliveriesOfAsync(dead.MessageId)).Single().DeliveryState.Should().Be(DeliveryState.Discarded);
        var row = (await Node.Get<MessageReader>().FindRowAsync(dead.MessageId, CancellationToken.None))!;
        (await Node.Get<TimelineReader>().ReadAsync(row, CancellationToken.None)).Events
            .Should().ContainSingle(entry => entry.Kind == "operatorAction" && entry.Action == "discard" && entry.By == "operator" && entry.Reason == "because");
    }

    [Test]
    public async Task Timeline_OfADeadLetterThatWasRedeliveredTwiceAndDiscarded_ShowsEachOfItsDeaths()
    {
        var subscription = await KillAsync(1);
        var id = (await ListAsync(subscription)).Items.Single().MessageId;
        for (var i = 0; i < 2; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(10));
            await ApplyAsync(subscription, DeadLetterAction.Redeliver);
            Time.Advance(TimeSpan.FromSeconds(10));
            await Node.FinishAsync((await Node.ClaimAsync(subscription, Time)).Single(), DeliveryEvent.DeadLetter, Time);
        }

        await ShouldShowAsync(id, "deadLettered", "redeliver", "deadLettered", "redeliver", "deadLettered");
        Time.Advance(TimeSpan.FromSeconds(10));
        await ApplyAsync(subscription, DeadLetterAction.Discard);
        await ShouldShowAsync(id, "deadLettered", "redeliver", "deadLettered", "redeliver", "deadLettered", "discard", "discarded");
    }

    [Test]
    public async Task List_PageByPage_ShowsEachOnce()
    {
        var subscription = await KillAsync(7);
        var seen = new List<Guid>();
        long after = 0;
        for (var page = await ListAsync(subscription, 3, after); ; page = await ListAsync(subscription, 3, after))
        {
            seen.AddRange(page.Items.Select(item => item.MessageId));
            if (page.NextCursor is null) break;
            MessageCursor.TryParse(page.NextCursor, out var cursor).Should().BeTrue();
            after = cursor.Seq;
        }

        seen.Should().OnlyHaveUniqueItems().And.HaveCount(7);
        (await Node.Get<DeadLetterService>().ListAsync(null, DeadLetterFilter.None, 0, 500, CancellationToken.None)).Items.Select(item => item.MessageId).Should().Contain(seen);
    }

    private Task<long> ApplyAsync(Subscription subscription, DeadLetterAction action, params Guid[] ids) =>
        Node.Get<DeadLetterService>().ApplyAsync(subscription, action, ids.Length == 0 ? null : ids, "operator", "because", CancellationToken.None);

    private Task<Contracts.Operations.DeadLetterList> ListAsync(Subscription subscription, int limit = 100, long after = 0) =>
        Node.Get<DeadLetterService>().ListAsync(subscription, DeadLetterFilter.None, after, limit, CancellationToken.None);

    private async Task ShouldShowAsync(Guid id, params string[] story)
    {
        var row = (await Node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None))!;
        var events = (await Node.Get<TimelineReader>().ReadAsync(row, CancellationToken.None)).Events;
        events.Select(entry => entry.Action ?? entry.Kind).Where(what => what is not ("prepared" or "committed" or "deliveryAttempt")).Should().Equal(story);
        events.Where(entry => entry.Action is not null).Should().OnlyContain(entry => entry.Subscription != null);
    }

    private async Task<Subscription> KillAsync(int count)
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var subscription = await Node.SubscribeAsync(topic);
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Node.PrepareAsync(Messages.New(producer, topic, committed: true), Time)));
        await Task.WhenAll((await Node.ClaimAsync(subscription, Time, 1000)).Select(delivery => Node.FinishAsync(delivery, DeliveryEvent.DeadLetter, Time)));
        return subscription;
    }
}
