namespace TxMsg.AcceptanceTests.Observability;

public sealed class When_something_needs_an_operator(StoreKind store) : CoordinatorFixture(store)
{
    private readonly string secret = Unique.Secret();
    private Inbox alerts = null!;

    protected override Settings Configure(Settings settings)
    {
        alerts = Receiver.Open("/alerts");
        return settings
            .With("TxMsg:Alerts:Url", alerts.Url.ToString())
            .With("TxMsg:Alerts:Secret", secret)
            .With("TxMsg:Alerts:CheckInterval", "00:00:01");
    }

    [Test]
    public async Task AParkedMessage_IsReportedOnceAndAgainWhenItIsDecided()
    {
        var shop = await RegisterProducerAsync(producer => producer with { MaxUnknownAnswers = 1 });
        var id = await shop.PrepareAsync("orders", message => message with { CheckBackAfterSeconds = 1 });

        var raised = (await WaitForAlertAsync("parked", shop.Name, "raised"))[0];
        (await Api.RollbackAsync(id)).Expect(200);
        await WaitForAlertAsync("parked", shop.Name, "cleared");

        raised.Method.Should().Be("POST");
        raised.Header("Content-Type").Should().StartWith("application/json");
        raised.Json.Text("at").Should().NotBeNullOrEmpty();
        raised.Header("webhook-id").Should().NotBeNullOrEmpty();
        raised.IsSignedWith(secret).Should().BeTrue();
        Alerts("parked", shop.Name, "raised").Should().ContainSingle("an alert is not repeated while its condition lasts");
        Alerts("parked", shop.Name, "cleared").Should().ContainSingle();
    }

    [Test]
    public async Task ADeadLetter_IsReportedOnceAndAgainWhenItIsGone()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        billing.Inbox.AnswerWith(new Answer(422));
        await shop.SendAsync(billing.Topic);

        await WaitForAlertAsync("deadLettered", billing.Subscription, "raised");
        (await Api.PostAsync("/v1/dead-letters/discard", new { subscription = billing.Subscription })).Expect(200);
        await WaitForAlertAsync("deadLettered", billing.Subscription, "cleared");

        Alerts("deadLettered", billing.Subscription, "raised").Should().ContainSingle();
        Alerts("deadLettered", billing.Subscription, "cleared").Should().ContainSingle();
    }

    private IReadOnlyList<ReceivedRequest> Alerts(string kind, string subject, string status) =>
    [
        .. alerts.Received.Where(alert =>
            alert.Json.Text("alert") == kind && alert.Json.Text("subject") == subject && alert.Json.Text("status") == status),
    ];

    private async Task<IReadOnlyList<ReceivedRequest>> WaitForAlertAsync(string kind, string subject, string status)
    {
        await Eventually.HoldsAsync(() => Alerts(kind, subject, status).Should().NotBeEmpty(
            "an alert {0} {1} for {2} was expected among {3}", kind, status, subject, string.Join('\n', alerts.Received.Select(alert => alert.Text))));
        return Alerts(kind, subject, status);
    }
}
