namespace TxMsg.AcceptanceTests.Retention;

public sealed class When_messages_are_finished(StoreKind store) : CoordinatorFixture(store)
{
    protected override Settings Configure(Settings settings) => settings
        .With("TxMsg:Retention:RolledBackAfter", "00:00:02")
        .With("TxMsg:Retention:DeliveredAfter", "00:00:02")
        .With("TxMsg:Retention:SweepInterval", "00:00:01");

    [Test]
    public async Task RolledBackMessages_ArePurgedAfterTheirTime()
    {
        var shop = await RegisterProducerAsync();
        var undecided = await shop.PrepareAsync("orders");
        var id = await shop.PrepareAsync("orders");
        (await Api.RollbackAsync(id)).Expect(200);

        await WaitUntilPurgedAsync(id);

        (await Api.MessageAsync(undecided)).Expect(200).State.Should().Be(MessageStates.Prepared, "what is undecided is kept for ever");
    }

    [Test]
    public async Task DeliveredMessages_ArePurgedAfterTheirTime()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));

        var id = await shop.SendAsync(billing.Topic);

        await billing.Inbox.WaitForAsync(id);
        await WaitUntilPurgedAsync(id);
        (await Api.GetAsync($"/v1/messages/{id}/payload")).Expect(404);
        (await Api.GetAsync($"/v1/messages?producer={shop.Name}")).Items.Should().BeEmpty();
    }

    [Test]
    public async Task CommittedMessagesNobodySubscribedTo_ArePurgedLikeDeliveredOnes()
    {
        var shop = await RegisterProducerAsync();

        await WaitUntilPurgedAsync(await shop.SendAsync(Unique.Name("orders")));
    }

    [Test]
    public async Task WhatIsNotDeliveredToEveryone_IsKept()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var rejecting = await SubscribeAsync(Unique.Name("refunds"));
        var waiting = await SubscribeAsync(rejecting.Topic, subscription => subscription with { RetryScheduleSeconds = [600] });
        rejecting.Inbox.AnswerWith(new Answer(422));
        waiting.Inbox.AnswerWith(new Answer(500));
        var kept = await shop.SendAsync(rejecting.Topic);
        await WaitForDeliveryAsync(kept, rejecting, DeliveryStates.DeadLettered);

        // one that was finished later is gone: the purge has passed the kept one by
        var purged = await shop.SendAsync(billing.Topic);
        await WaitUntilPurgedAsync(purged);

        var message = (await Api.MessageAsync(kept)).Expect(200);
        message.Delivery(rejecting.Subscription).Text("state").Should().Be(DeliveryStates.DeadLettered);
        message.Delivery(waiting.Subscription).Text("state").Should().Be(DeliveryStates.Pending);
    }

    private Task WaitUntilPurgedAsync(string id) =>
        Eventually.ReadAsync(() => Api.MessageAsync(id), message => message.Status == 404, $"message {id} to be purged");
}
