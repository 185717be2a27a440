namespace TxMsg.AcceptanceTests.Crashes;

/// <summary>SIGKILL at the worst moments, then a start on the same data.</summary>
public sealed class When_the_coordinator_is_killed(StoreKind store) : OwnCoordinatorFixture(store)
{
    protected override Settings Configure(Settings settings) => settings
        .With("TxMsg:Deliveries:Timeout", "00:00:02")
        .With("TxMsg:Deliveries:Lease", "00:00:04");

    [Test]
    public async Task AfterThePrepareWasAcknowledged_TheHalfMessageIsThereAndAskedAbout()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var id = await shop.PrepareAsync(
            billing.Topic, message => message with { CheckBackAfterSeconds = 2, Key = "k", Headers = new Dictionary<string, string> { ["a"] = "1" } });

        await Coordinator.KillAndRestartAsync();

        (await Api.MessageAsync(id)).Expect(200).Text("key").Should().Be("k");
        shop.CheckBacks.Decide(id, Verdicts.Commit);
        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        delivered.Text.Should().Be("""{"order":17}""");
        delivered.Header("txmsg-h-a").Should().Be("1");
        delivered.IsSignedWith(billing.Secret).Should().BeTrue("secrets survive too");
    }

    [Test]
    public async Task BeforeTheCommit_TheAnswerIsTheWholeMessageAllTheSame()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync(Unique.Name("orders"), message => message with { Headers = new Dictionary<string, string> { ["a"] = "1" } });

        await Coordinator.KillAndRestartAsync();

        var committed = (await Api.CommitAsync(id)).Expect(200);
        committed.State.Should().Be(MessageStates.Committed);
        committed.Text("contentType").Should().Be("application/json");
        committed.Json["headers"]!["a"]!.GetValue<string>().Should().Be("1");
    }

    [Test]
    public async Task AfterTheCommitWasAcknowledged_TheMessageIsDelivered()
    {
        var shop = await RegisterProducerAsync();
        var port = FreePort.Find();
        // the consumer is down, so that nothing can be delivered before the kill
        await SubscribeAsync("orders", subscription => subscription with
        {
            Endpoint = new Uri($"http://127.0.0.1:{port}/late"), RetryScheduleSeconds = [.. Enumerable.Repeat(1, 60)],
        });
        var ids = await shop.SendManyAsync("orders", 20);

        await Coordinator.KillAsync();
        await using var consumer = await Receiver.StartAsync(port);
        var inbox = consumer.Open("/late");
        await Coordinator.StartAsync();

        await inbox.WaitForAllAsync(ids.ToList());
    }

    [Test]
    public async Task InTheMiddleOfADelivery_ItIsDeliveredAgain()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        billing.Inbox.AnswerInTurn(Answer.Hang, Answer.Ok);
        var id = await shop.SendAsync(billing.Topic);
        await billing.Inbox.WaitForAsync(id);

        await Coordinator.KillAndRestartAsync();

        // the dead node's lease must run out first
        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        billing.Inbox.Of(id).Should().HaveCount(2);
    }

    [Test]
    public async Task InTheMiddleOfACheckBack_ItIsAskedAgain()
    {
        var shop = await RegisterProducerAsync();
        shop.CheckBacks.AnswerOtherwise(Answer.Hang);
        var id = await shop.PrepareAsync("orders", message => message with { CheckBackAfterSeconds = 1 });
        await shop.CheckBacks.AskedAsync(id);

        await Coordinator.KillAsync();
        shop.CheckBacks.Decide(id, Verdicts.Commit);
        await Coordinator.StartAsync();

        await WaitForStateAsync(id, MessageStates.Committed);
    }

    [Test]
    public async Task VerdictsAndOperatorsChanges_StayAsTheyWereAcknowledged()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var paused = await SubscribeAsync(billing.Topic);
        (await Api.PostAsync($"/v1/subscriptions/{paused.Subscription}/pause")).Expect(200);
        var rolledBack = await shop.PrepareAsync(billing.Topic);
        (await Api.RollbackAsync(rolledBack)).Expect(200);
        var secret = (await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/rotate-secret")).Expect(200).Text("secret")!;

        await Coordinator.KillAndRestartAsync();

        (await Api.CommitAsync(rolledBack)).Expect(409).Text("verdict").Should().Be(Verdicts.Rollback);
        (await Api.SubscriptionAsync(paused.Subscription)).State.Should().Be("paused");
        var id = await shop.SendAsync(billing.Topic);
        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        delivered.IsSignedWith(secret).Should().BeTrue();
        delivered.IsSignedWith(billing.Secret).Should().BeTrue();
        billing.Inbox.Of(rolledBack).Should().BeEmpty();
        paused.Inbox.Received.Should().BeEmpty();
    }

    [Test]
    public async Task ADelay_GoesOnAfterTheRestart()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var id = await shop.SendAsync(billing.Topic, message => message with { DelaySeconds = 4 });
        var committedAt = (await Api.MessageAsync(id)).Time("decidedAt");

        await Coordinator.KillAndRestartAsync();

        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        delivered.At.Should().BeOnOrAfter(committedAt.AddSeconds(3.9));
    }
}
