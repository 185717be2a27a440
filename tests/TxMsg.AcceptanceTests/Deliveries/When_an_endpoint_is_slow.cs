namespace TxMsg.AcceptanceTests.Deliveries;

public sealed class When_an_endpoint_is_slow(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task AnotherSubscription_IsServedWithoutDelay()
    {
        var shop = await RegisterProducerAsync();
        var slow = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { TimeoutSeconds = 30 });
        var quick = await SubscribeAsync(slow.Topic);
        slow.Inbox.AnswerWith(Answer.Hang);

        var ids = await shop.SendManyAsync(slow.Topic, 60);

        // every slow attempt hangs for longer than this
        await quick.Inbox.WaitForAllAsync(ids.ToList(), within: TimeSpan.FromSeconds(20));
        slow.Inbox.Received.Should().NotBeEmpty();
    }

    [Test]
    public async Task ItsConcurrency_StaysWithinTheSubscriptionsLimit()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { MaxConcurrency = 2 });
        billing.Inbox.AnswerWith(Answer.Ok with { Delay = TimeSpan.FromMilliseconds(100) });

        var ids = await shop.SendManyAsync(billing.Topic, 20);

        await billing.Inbox.WaitForAllAsync(ids.ToList());
        billing.Inbox.MostInFlight.Should().Be(2);
    }

    [Test]
    public async Task AHugeResponse_IsAnAcknowledgementAllTheSame()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        billing.Inbox.AnswerWith(Answer.Ok with { Body = new string('x', 4_000_000) });

        var id = await shop.SendAsync(billing.Topic);

        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        billing.Inbox.Of(id).Should().ContainSingle();
    }
}
