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

        (await RedeliverAsync(id, billing.Subscription)).Expect(409).ShouldBeAProblem().Text("detail").Should().Contain("its subscription to be resumed");
    }

    [Test]
    public async Task ThatWaitsForARetry_ItIsTriedNow()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), AnHourLater);
        billing.Inbox.AnswerWith(new Answer(500));
        var id = await shop.SendAsync(billing.Topic);
        await WaitForRetryAsync(id, billing);
        billing.Inbox.AnswerWith(Answer.Ok);

        (await RedeliverAsync(id, billing.Subscription)).Expect(200);

        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        billing.Inbox.Of(id)[1].Header("ce-txmsgattempt").Should().Be("2");
        (await Api.TimelineAsync(id)).Of(Timeline.OperatorAction).Should().ContainSingle().Which.Text("action").Should().Be("retryNow");
    }

    [Test]
    public async Task AllThatWaitForARetry_AreTriedNow_ThoughTheEndpointIsLeftAlone()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), AnHourLater);
        var stock = await SubscribeAsync(billing.Topic, AnHourLater);
        billing.Inbox.AnswerWith(new Answer(500));
        stock.Inbox.AnswerWith(new Answer(500));
        var tried = await shop.SendManyAsync(billing.Topic, 5);
        foreach (var id in tried)
        {
            await WaitForRetryAsync(id, billing);
            await WaitForRetryAsync(id, stock);
        }

        var untried = await shop.SendAsync(billing.Topic);
        billing.Inbox.AnswerWith(Answer.Ok);
        stock.Inbox.AnswerWith(Answer.Ok);

        var reply = (await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/retry-now", new { reason = "it is back" })).Expect(200);

        reply.Json.Number("count").Should().Be(tried.Count);
        foreach (var id in tried.Append(untried)) await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        tried.Should().AllSatisfy(id => stock.Inbox.Of(id).Should().ContainSingle("nobody asked for those"));
        (await Api.GetAsync($"/v1/audit?subscription={billing.Subscription}&action=retryNow")).Expect(200).Items.Should().HaveCount(tried.Count + 1)
            .And.OnlyContain(entry => entry.Text("reason") == "it is back");
    }

    [Test]
    public async Task AllOfASubscriptionThatIsNotThere_IsNotFound() =>
        (await Api.PostAsync("/v1/subscriptions/nobody/retry-now")).Expect(404).ShouldBeAProblem();

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

    private static NewSubscription AnHourLater(NewSubscription subscription) => subscription with { RetryScheduleSeconds = [3600] };

    private Task WaitForRetryAsync(string id, Consumer consumer) => Eventually.ReadAsync(
        () => Api.MessageAsync(id),
        message => message.Delivery(consumer.Subscription).Text("state") == DeliveryStates.Pending && message.Delivery(consumer.Subscription).Number("attempts") > 0,
        $"{id} to wait for a retry");

    private Task<Reply> RedeliverAsync(string id, string subscription) =>
        Api.PostAsync($"/v1/messages/{id}/redeliver", new { subscription, reason = "asked for by the shop" });
}
