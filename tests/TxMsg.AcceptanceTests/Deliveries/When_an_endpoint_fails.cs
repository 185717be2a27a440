namespace TxMsg.AcceptanceTests.Deliveries;

public sealed class When_an_endpoint_fails(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task TheDelivery_IsRetriedBySchedule()
    {
        var (shop, billing) = await FailingAsync(new Answer(500), new Answer(500), Answer.Ok);

        var id = await shop.SendAsync(billing.Topic);

        var attempts = await billing.Inbox.WaitForAsync(id, 3);
        attempts.Select(request => request.Header("ce-txmsgattempt")).Should().Equal("1", "2", "3");
        attempts.Should().OnlyContain(request => request.IsSignedWith(billing.Secret), "each attempt is signed anew");
        // a second each, with 10 % jitter
        (attempts[1].At - attempts[0].At).Should().BeGreaterThan(TimeSpan.FromSeconds(0.85));
        (attempts[2].At - attempts[1].At).Should().BeGreaterThan(TimeSpan.FromSeconds(0.85));
        var delivery = (await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered)).Delivery(billing.Subscription);
        delivery.Number("attempts").Should().Be(3);
    }

    [Test]
    public async Task BetweenAttempts_TheDeliverySaysWhatWentWrong()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { RetryScheduleSeconds = [600] });
        billing.Inbox.AnswerWith(new Answer(500));

        var id = await shop.SendAsync(billing.Topic);

        var delivery = (await Eventually.ReadAsync(
            () => Api.MessageAsync(id),
            message => message.Delivery(billing.Subscription).Number("attempts") == 1,
            "the first attempt to be recorded")).Delivery(billing.Subscription);
        delivery.Text("state").Should().Be(DeliveryStates.Pending);
        delivery.Number("lastStatus").Should().Be(500);
        delivery.Text("lastError").Should().NotBeNullOrEmpty();
        DateTimeOffset.Parse(delivery.Text("nextAttemptAt")!, null)
            .Should().BeCloseTo(DateTimeOffset.UtcNow.AddSeconds(600), TimeSpan.FromSeconds(100));
    }

    [Test]
    public async Task AfterTheLastRetry_ItIsADeadLetter()
    {
        var (shop, billing) = await FailingAsync(new Answer(500));

        var id = await shop.SendAsync(billing.Topic);

        var message = await WaitForDeliveryAsync(id, billing, DeliveryStates.DeadLettered);
        message.State.Should().Be(MessageStates.Committed);
        message.Delivery(billing.Subscription).Number("attempts").Should().Be(3);
        message.Delivery(billing.Subscription).Text("nextAttemptAt").Should().BeNull();
        billing.Inbox.Of(id).Should().HaveCount(3);
    }

    [Test]
    public async Task Status410_EndsTheDeliveryAndPausesTheSubscription()
    {
        var (shop, billing) = await FailingAsync(new Answer(410));

        var id = await shop.SendAsync(billing.Topic);

        await WaitForDeliveryAsync(id, billing, DeliveryStates.DeadLettered);
        billing.Inbox.Of(id).Should().ContainSingle();
        (await Api.SubscriptionAsync(billing.Subscription)).State.Should().Be("paused");
    }

    [Test]
    public async Task Status422_EndsTheDeliveryAlone()
    {
        var (shop, billing) = await FailingAsync(new Answer(422), Answer.Ok);

        var rejected = await shop.SendAsync(billing.Topic);
        await WaitForDeliveryAsync(rejected, billing, DeliveryStates.DeadLettered);

        billing.Inbox.Of(rejected).Should().ContainSingle();
        (await Api.SubscriptionAsync(billing.Subscription)).State.Should().Be("active");
        await SendAMarkerAsync(shop, billing);
    }

    [TestCase(429)]
    [TestCase(503)]
    public async Task RetryAfter_InSeconds_ReplacesTheSchedule(int status)
    {
        var shop = await RegisterProducerAsync();
        var sooner = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { RetryScheduleSeconds = [600] });
        var later = await SubscribeAsync(sooner.Topic, subscription => subscription with { RetryScheduleSeconds = [1] });
        sooner.Inbox.AnswerInTurn(new Answer(status).With("Retry-After", "1"), Answer.Ok);
        later.Inbox.AnswerInTurn(new Answer(status).With("Retry-After", "4"), Answer.Ok);

        var id = await shop.SendAsync(sooner.Topic);

        await sooner.Inbox.WaitForAsync(id, 2);
        var attempts = await later.Inbox.WaitForAsync(id, 2);
        (attempts[1].At - attempts[0].At).Should().BeGreaterThan(TimeSpan.FromSeconds(3.4));
    }

    [Test]
    public async Task RetryAfter_AsADate_IsObeyed()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { RetryScheduleSeconds = [600] });
        billing.Inbox.AnswerInTurn(
            new Answer(503).With("Retry-After", DateTimeOffset.UtcNow.AddSeconds(3).ToString("R")), Answer.Ok);

        var id = await shop.SendAsync(billing.Topic);

        await billing.Inbox.WaitForAsync(id, 2);
    }

    [TestCase("0")]
    [TestCase("Thu, 01 Jan 2015 00:00:00 GMT")]
    public async Task RetryAfter_AtOnce_IsASecondAllTheSame(string retryAfter)
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { RetryScheduleSeconds = [600] });
        billing.Inbox.AnswerInTurn(new Answer(503).With("Retry-After", retryAfter), Answer.Ok);

        var id = await shop.SendAsync(billing.Topic);

        var attempts = await billing.Inbox.WaitForAsync(id, 2);
        (attempts[1].At - attempts[0].At).Should().BeGreaterThan(TimeSpan.FromSeconds(0.9));
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(307)]
    public async Task ARedirect_IsAFailureAndNotFollowed(int status)
    {
        var elsewhere = Receiver.Open();
        var (shop, billing) = await FailingAsync(new Answer(status).With("Location", elsewhere.Url.ToString()));

        var id = await shop.SendAsync(billing.Topic);

        var message = await WaitForDeliveryAsync(id, billing, DeliveryStates.DeadLettered);
        message.Delivery(billing.Subscription).Number("lastStatus").Should().Be(status);
        elsewhere.Received.Should().BeEmpty();
    }

    [Test]
    public async Task AnEndpointThatHangs_IsTriedAgain()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(
            Unique.Name("orders"), subscription => subscription with { TimeoutSeconds = 1, RetryScheduleSeconds = [1] });
        billing.Inbox.AnswerInTurn(Answer.Hang, Answer.Ok);

        var id = await shop.SendAsync(billing.Topic);

        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        billing.Inbox.Of(id).Should().HaveCount(2);
    }

    [Test]
    public async Task AnEndpointThatIsDown_GetsItWhenItIsUp()
    {
        var shop = await RegisterProducerAsync();
        var port = FreePort.Find();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with
        {
            Endpoint = new Uri($"http://127.0.0.1:{port}/late"), RetryScheduleSeconds = [.. Enumerable.Repeat(1, 30)],
        });
        var id = await shop.SendAsync(billing.Topic);
        await Eventually.ReadAsync(
            () => Api.MessageAsync(id), message => message.Delivery(billing.Subscription).Number("attempts") > 0, "a vain attempt");

        await using var revived = await Receiver.StartAsync(port);

        await revived.Open("/late").WaitForAsync(id);
    }

    private async Task<(Producer Shop, Consumer Billing)> FailingAsync(params Answer[] answers)
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        billing.Inbox.AnswerInTurn(answers);
        return (shop, billing);
    }
}
