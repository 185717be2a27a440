namespace TxMsg.AcceptanceTests.Startup;

public sealed class When_producers_and_subscriptions_are_declared(StoreKind store) : OwnCoordinatorFixture(store)
{
    private readonly string secret = Unique.Secret();
    private Inbox inbox = null!;
    private Inbox checkBacks = null!;

    protected override Settings Configure(Settings settings)
    {
        inbox = Receiver.Open("/billing");
        checkBacks = Receiver.Open("/check");
        return settings
            .With("TxMsg:Producers:0:Name", "shop")
            .With("TxMsg:Producers:0:CheckBackUrl", checkBacks.Url.ToString())
            .With("TxMsg:Producers:0:CheckBackAfterSeconds", "1")
            .With("TxMsg:Producers:0:Secret", secret)
            .With("TxMsg:Subscriptions:0:Name", "billing")
            .With("TxMsg:Subscriptions:0:Topic", "orders")
            .With("TxMsg:Subscriptions:0:Endpoint", inbox.Url.ToString())
            .With("TxMsg:Subscriptions:0:Tags:0", "paid")
            .With("TxMsg:Subscriptions:0:RetryScheduleSeconds:0", "5")
            .With("TxMsg:Subscriptions:0:Secret", secret);
    }

    [Test]
    public async Task TheyWork_WithoutAnyCall()
    {
        checkBacks.AnswerWith(Answer.Verdict(Verdicts.Commit));

        var message = new NewMessage("shop", "orders") { Payload = 1, Tag = "paid" };
        var id = (await Api.PostAsync("/v1/messages", message)).Expect(201).Id;

        (await checkBacks.WaitForAsync(id))[0].IsSignedWith(secret).Should().BeTrue();
        (await inbox.WaitForAsync(id))[0].IsSignedWith(secret).Should().BeTrue();
        (await Api.GetAsync("/v1/producers/shop")).Expect(200).Json.Number("checkBackAfterSeconds").Should().Be(1);
        var billing = (await Api.SubscriptionAsync("billing")).Expect(200).Json;
        billing["retryScheduleSeconds"]!.AsArray().Select(seconds => seconds!.GetValue<int>()).Should().Equal(5);
    }

    [Test]
    public async Task ARestart_UpdatesWhatWasChangedMeanwhile()
    {
        var elsewhere = Receiver.Open();
        (await Api.PutAsync("/v1/subscriptions/billing", new NewSubscription("orders", elsewhere.Url))).Expect(200);

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        (await Api.SubscriptionAsync("billing")).Text("endpoint").Should().Be(inbox.Url.ToString());
    }
}
