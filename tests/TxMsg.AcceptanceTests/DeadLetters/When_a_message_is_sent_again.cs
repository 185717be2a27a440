namespace TxMsg.AcceptanceTests.DeadLetters;

public sealed class When_a_message_is_sent_again(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task ThatWasDelivered_ItArrivesOnceMoreThere_AndNowhereElse()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var stock = await SubscribeAsync(billing.Topic);
        var id = await shop.SendAsync(billing.Topic);
        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        await WaitForDeliveryAsync(id, stock, DeliveryStates.Delivered);

        var reply = (await RedeliverAsync(id, billing.Subscription)).Expect(200);

        reply.Delivery(billing.Subscription).Text("state").Should().NotBe(DeliveryStates.DeadLettered);
        await billing.Inbox.WaitForAsync(id, 2);
        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        billing.Inbox.Of(id)[1].Header("ce-txmsgattempt").Should().Be("2");
        stock.Inbox.Of(id).Should().ContainSingle();
        var timeline = await Api.TimelineAsync(id);
        timeline.Of(Timeline.Attempt).Where(attempt => attempt.Text("subscription") == billing.Subscription).Select(attempt => attempt.Number("attempt")).Should().Equal(1, 2);
        timeline.Of(Timeline.OperatorAction).Should().ContainSingle().Which.Text("reason").Should().Be("asked for by the shop");
    }

    [Test]
    public async Task ThatIsADeadLetterOrWasDiscarded_ItArrives()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        billing.Inbox.AnswerWith(new Answer(422));
        var ids = await shop.SendManyAsync(billing.Topic, 2);
        foreach (var id in ids) await WaitForDeliveryAsync(id, billing, DeliveryStates.DeadLettered);
        (await Api.PostAsync("/v1/dead-letters/discard", new { subscription = billing.Subscription, messageIds = new[] { ids[1] } })).Expect(200);
        billing.Inbox.AnswerWith(Answer.Ok);

        foreach (var id in ids)
        {
            (await RedeliverAsync(id, billing.Subscription)).Expect(200);
            await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        }
    }

    [Test]
    public async Task ThatIsOnItsWay_ItIsRefused()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        (await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/pause")).Expect(200);
        var id = await shop.SendAsync(billing.Topic);

        (await RedeliverAsync(id, billing.Subscription)).Expect(409).ShouldBeAProblem().Text("detail").Should().Contain("waits for its next attempt");
    }

    [Test]
    public async Task ThatCannotBe_ItSaysWhy()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var stranger = await SubscribeAsync(Unique.Name("others"));
        var id = await shop.SendAsync(billing.Topic);
        var half = await shop.PrepareAsync(billing.Topic);

        (await RedeliverAsync(half, billing.Subscription)).Expect(409).ShouldBeAProblem().Text("detail").Should().Contain("prepared");
        (await RedeliverAsync(id, stranger.Subscription)).Expect(404).ShouldBeAProblem();
        (await RedeliverAsync(id, "nobody")).Expect(404).ShouldBeAProblem();
        (await RedeliverAsync(Unique.Id(), billing.Subscription)).Expect(404).ShouldBeAProblem();
        (await Api.PostAsync($"/v1/messages/{id}/redeliver", new { reason = "r" })).ShouldBeInvalid("subscription");
    }

    private Task<Reply> RedeliverAsync(string id, string subscription) =>
        Api.PostAsync($"/v1/messages/{id}/redeliver", new { subscription, reason = "asked for by the shop" });
}
