namespace TxMsg.AcceptanceTests.Crashes;

public sealed class When_the_coordinator_is_stopped(StoreKind store) : OwnCoordinatorFixture(store)
{
    // longer than any deadline of the tests: whoever waited for a lease to run out would fail
    protected override Settings Configure(Settings settings) => settings
        .With("TxMsg:CheckBacks:CheckBackAfter", "00:00:03")
        .With("TxMsg:Deliveries:Lease", "00:10:00");

    [Test]
    public async Task WhatIsInFlight_IsFinished()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        billing.Inbox.AnswerWith(Answer.Ok with { Delay = TimeSpan.FromSeconds(1) });
        var id = await shop.SendAsync(billing.Topic);
        await billing.Inbox.WaitForAsync(id);

        (await Coordinator.StopAsync()).Should().Be(0);
        await Coordinator.StartAsync();

        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        billing.Inbox.Of(id).Should().ContainSingle("it was acknowledged while the coordinator was stopping");
    }

    [Test]
    public async Task WhatCannotBeFinished_IsReleasedForTheNextStart()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { TimeoutSeconds = 120 });
        billing.Inbox.AnswerInTurn(Answer.Hang, Answer.Ok);
        var id = await shop.SendAsync(billing.Topic);
        await billing.Inbox.WaitForAsync(id);

        (await Coordinator.StopAsync()).Should().Be(0);
        await Coordinator.StartAsync();

        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
    }

    [Test]
    public async Task UnderLoad_EveryAcknowledgedCommitIsDelivered()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var load = new TransactionLoad(shop, billing.Topic);

        await load.RunAsync(Coordinator, interruptions: 1, async () => (await Coordinator.StopAsync()).Should().Be(0));

        await billing.Inbox.WaitForAllAsync(load.MustArrive);
        billing.Inbox.Received.Select(request => request.MessageId).Should().BeSubsetOf(load.MustArrive);
    }
}
