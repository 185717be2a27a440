namespace TxMsg.AcceptanceTests.Deliveries;

public sealed class When_order_matters(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task EachKey_IsDeliveredInCommitOrderOneAtATime()
    {
        var shop = await RegisterProducerAsync();
        var billing = await OrderedAsync();
        // the order of the commits counts, not that of the prepares
        var prepared = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            prepared.Add(await shop.PrepareAsync(billing.Topic, message => message with { OrderingKey = "a" }));
        }

        var committed = Enumerable.Reverse(prepared).ToList();
        foreach (var id in committed)
        {
            (await Api.CommitAsync(id)).Expect(200);
        }

        await billing.Inbox.WaitForAllAsync(committed);
        billing.Inbox.Received.Select(request => request.MessageId).Should().Equal(committed);
        billing.Inbox.MostInFlight.Should().Be(1);
    }

    [Test]
    public async Task AFailingKey_HoldsBackOnlyItself()
    {
        var shop = await RegisterProducerAsync();
        var billing = await OrderedAsync();
        var stuck = Unique.Id();
        billing.Inbox.AnswerBy(request => request.MessageId == stuck && !HasArrived(billing, "b", 5) ? new Answer(500) : Answer.Ok);
        await shop.SendAsync(billing.Topic, message => message with { Id = stuck, OrderingKey = "a" });
        await billing.Inbox.WaitForAsync(stuck);

        var a = await SendKeyAsync(shop, billing, "a", count: 3);
        var b = await SendKeyAsync(shop, billing, "b", count: 5);

        await billing.Inbox.WaitForAllAsync([.. a, .. b]);
        Sequence(billing, "a").Should().Equal([stuck, .. a]);
        Sequence(billing, "b").Should().Equal(b);
    }

    [Test]
    public async Task ADeadLetter_FreesItsKey()
    {
        var shop = await RegisterProducerAsync();
        var billing = await OrderedAsync();
        var first = true;
        billing.Inbox.AnswerBy(_ => Interlocked.Exchange(ref first, false) ? new Answer(422) : Answer.Ok);

        var ids = await SendKeyAsync(shop, billing, "a", count: 3);

        await billing.Inbox.WaitForAllAsync(ids.ToList());
        await WaitForDeliveryAsync(ids[0], billing, DeliveryStates.DeadLettered);
        await WaitForDeliveryAsync(ids[2], billing, DeliveryStates.Delivered);
    }

    [Test]
    public async Task MessagesWithoutAKey_DoNotWaitForEachOther()
    {
        var shop = await RegisterProducerAsync();
        var billing = await OrderedAsync();
        var stuck = Unique.Id();
        billing.Inbox.AnswerBy(request => request.MessageId == stuck ? new Answer(500) : Answer.Ok);
        await shop.SendAsync(billing.Topic, message => message with { Id = stuck });
        await billing.Inbox.WaitForAsync(stuck);

        await SendAMarkerAsync(shop, billing);
    }

    private static async Task<IReadOnlyList<string>> SendKeyAsync(Producer producer, Consumer consumer, string key, int count) =>
        await producer.SendManyAsync(consumer.Topic, count, message => message with { OrderingKey = key });

    private static bool HasArrived(Consumer consumer, string key, int count) => Sequence(consumer, key).Count() >= count;

    private static IEnumerable<string> Sequence(Consumer consumer, string key) => consumer.Inbox.Received
        .Where(request => request.Header("ce-partitionkey") == key).Select(request => request.MessageId).Distinct();

    private Task<Consumer> OrderedAsync() => SubscribeAsync(Unique.Name("orders"), subscription => subscription with
    {
        Ordered = true, RetryScheduleSeconds = [.. Enumerable.Repeat(1, 40)],
    });
}
