namespace TxMsg.AcceptanceTests.DeadLetters;

public sealed class When_a_retry_is_made_now(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task OfAMessage_ItIsTriedNow_AndNotOnceItIsOver()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), AnHourLater);
        billing.Inbox.AnswerWith(new Answer(500));
        var id = await shop.SendAsync(billing.Topic);
        await WaitForRetryAsync(id, billing);
        billing.Inbox.AnswerWith(Answer.Ok);

        (await RetryNowAsync(id, billing.Subscription)).Expect(200);

        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        billing.Inbox.Of(id)[1].Header("ce-txmsgattempt").Should().Be("2");
        (await Api.TimelineAsync(id)).Of(Timeline.OperatorAction).Should().ContainSingle().Which.Text("action").Should().Be("retryNow");
        (await Api.TimelineAsync(id)).Of("deadLettered").Should().BeEmpty();
        (await RetryNowAsync(id, billing.Subscription)).Expect(409).ShouldBeAProblem().Text("detail").Should().Contain("it is delivered there");
        billing.Inbox.Of(id).Should().HaveCount(2);
    }

    [Test]
    public async Task OfASubscription_AllAreTriedNow_ThoughTheEndpointIsLeftAlone()
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

        reply.Json.Number("retried").Should().Be(tried.Count);
        foreach (var id in tried.Append(untried)) await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        tried.Should().AllSatisfy(id => stock.Inbox.Of(id).Should().ContainSingle("nobody asked for those"));
        (await Api.GetAsync($"/v1/audit?subscription={billing.Subscription}&action=retryNow")).Expect(200).Items.Should().HaveCount(tried.Count + 1)
            .And.OnlyContain(entry => entry.Text("reason") == "it is back");
    }

    [Test]
    public async Task OfASubscriptionThatIsNotThere_IsNotFound() =>
        (await Api.PostAsync("/v1/subscriptions/nobody/retry-now")).Expect(404).ShouldBeAProblem();

    [Test]
    public async Task OfASubscriptionThatIsPaused_ItIsRefused()
    {
        var billing = await SubscribeAsync(Unique.Name("orders"));
        (await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/pause")).Expect(200);

        (await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/retry-now")).Expect(409).ShouldBeAProblem().Text("detail").Should().Contain("resume it first");
    }

    [Test]
    public async Task OfAMessageThatWaitsForNone_ItSaysSo()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var delayed = await shop.SendAsync(billing.Topic, message => message with { DelaySeconds = 600 });

        (await RetryNowAsync(delayed, billing.Subscription)).Expect(409).ShouldBeAProblem().Text("detail").Should().Contain("waits for no retry");
        (await RetryNowAsync(Unique.Id(), billing.Subscription)).Expect(404).ShouldBeAProblem();
        (await RetryNowAsync(delayed, "nobody")).Expect(404).ShouldBeAProblem();
        (await Api.PostAsync($"/v1/messages/{delayed}/retry-now", new { reason = "r" })).ShouldBeInvalid("subscription");
    }

    private static NewSubscription AnHourLater(NewSubscription subscription) => subscription with { RetryScheduleSeconds = [3600] };

    private Task WaitForRetryAsync(string id, Consumer consumer) => Eventually.ReadAsync(
        () => Api.MessageAsync(id),
        message => message.Delivery(consumer.Subscription).Text("state") == DeliveryStates.Pending && message.Delivery(consumer.Subscription).Number("attempts") > 0,
        $"{id} to wait for a retry");

    private Task<Reply> RetryNowAsync(string id, string subscription) => Api.PostAsync($"/v1/messages/{id}/retry-now", new { subscription, reason = "it is back" });
}
