namespace TxMsg.BrowserTests.Messages;

public sealed class MessagePageTests(StoreKind store) : DashboardFixture(store)
{
    private const string Script = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    private const string RightToLeft = "\u202Egnihton\u202C";

    protected override Settings Configure(Settings settings) => settings.With("TxMsg:Limits:MaxPayloadBytes", "4194304");

    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task Page_HoldsInEveryLook(Look look)
    {
        var (_, id) = await DecidedAsync();

        await CheckAsync($"/messages/{id}", look);
    }

    [Test]
    public async Task Timeline_TellsWhatHappened_InOrder()
    {
        var (consumer, id) = await DecidedAsync();
        await WaitForDeliveryAsync(id, consumer, DeliveryStates.Delivered);

        var visit = await OpenAsync($"/messages/{id}");

        (await visit.Find(".txmsg-timeline > li").EvaluateAllAsync<string[]>("events => events.map(event => event.dataset.kind)"))
            .Should().Equal("prepared", "committed", "deliveryAttempt");
        await Assertions.Expect(visit.Find(".txmsg-timeline")).ToContainTextAsync($"Attempt 1 to {consumer.Subscription}");
    }

    [TestCase("Commit", MessageStates.Committed)]
    [TestCase("Roll back", MessageStates.RolledBack)]
    public async Task Verdict_ByHand_IsStoredWithItsReason(string button, string state)
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync(Unique.Name("by.hand"));
        var visit = await OpenAsync($"/messages/{id}");

        await visit.ActAsync(button, "seen in the books");

        await Assertions.Expect(visit.Find("h1 [data-state]")).ToHaveAttributeAsync("data-state", state);
        var message = (await Api.MessageAsync(id)).Expect(200);
        message.State.Should().Be(state);
        message.Text("decidedBy").Should().Be("operator");
        message.Text("reason").Should().Be("seen in the books");
    }

    [Test]
    public async Task Verdict_WithoutAReason_IsNotSent()
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync(Unique.Name("by.hand"));
        var visit = await OpenAsync($"/messages/{id}");

        await visit.ActAsync("Commit", "   ");

        await Assertions.Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Give a reason.");
        (await Api.MessageAsync(id)).State.Should().Be(MessageStates.Prepared);
    }

    [Test]
    public async Task CheckBackNow_AsksTheProducer()
    {
        var producer = await RegisterProducerAsync();
        producer.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Commit));
        var id = await producer.PrepareAsync(Unique.Name("by.hand"));
        var visit = await OpenAsync($"/messages/{id}");

        await visit.ActAsync("Check back now", "a customer waits");

        await WaitForStateAsync(id, MessageStates.Committed);
    }

    [Test]
    public async Task Action_ThatIsRefused_ShowsWhy()
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync(Unique.Name("raced"));
        var visit = await OpenAsync($"/messages/{id}");
        visit.Expect(409, "POST", $"/v1/messages/{id}/rollback");
        (await Api.CommitAsync(id)).Expect(200);

        await visit.ActAsync("Roll back", "too late");

        await Assertions.Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("commit");
    }

    [Test]
    public async Task ForeignText_IsShownAsText()
    {
        var producer = await RegisterProducerAsync();
        var key = Script + RightToLeft;
        var id = await producer.PrepareAsync("foreign", message => message with
        {
            Key = key,
            Tag = Script,
            Headers = new Dictionary<string, string> { ["note"] = Script },
            Payload = new { html = Script, direction = RightToLeft, megabyte = new string('x', 1_048_576) },
        });
        (await Api.PostAsync($"/v1/messages/{id}/rollback", new { reason = Script })).Expect(200);

        var visit = await OpenAsync($"/messages/{id}");

        await Assertions.Expect(visit.Find(".txmsg-facts")).ToContainTextAsync(key);
        await Assertions.Expect(visit.Find(".txmsg-facts")).ToContainTextAsync(Script);
        await Assertions.Expect(visit.Find(".txmsg-payload")).ToContainTextAsync("onerror=alert(2)");
        (await visit.Find("main img, main script").CountAsync()).Should().Be(0);
        await visit.CheckWidthAsync();
    }

    [Test]
    public async Task ForeignError_IsShownAsText()
    {
        var producer = await RegisterProducerAsync();
        var consumer = await SubscribeAsync(Unique.Name("foreign.error"));
        consumer.Inbox.AnswerWith(new Answer(422) { Body = Script + RightToLeft + new string('y', 10_000) });
        var id = await producer.SendAsync(consumer.Topic);
        await WaitForDeliveryAsync(id, consumer, DeliveryStates.DeadLettered);

        var visit = await OpenAsync($"/messages/{id}");

        await Assertions.Expect(visit.Find(".txmsg-timeline")).ToContainTextAsync("onerror=alert(2)");
        (await visit.Find("main img, main script").CountAsync()).Should().Be(0);
        await visit.CheckWidthAsync();
    }

    [TestCase(200, DeliveryStates.Delivered, "Redeliver")]
    [TestCase(422, DeliveryStates.DeadLettered, "Redeliver")]
    [TestCase(500, DeliveryStates.Pending, "Retry now")]
    public async Task Redeliver_SendsItAgain_ToThatSubscriptionAlone(int answer, string state, string button)
    {
        var producer = await RegisterProducerAsync();
        var topic = Unique.Name("again");
        var consumer = await SubscribeAsync(topic, subscription => subscription with { RetryScheduleSeconds = [3600] });
        var other = await SubscribeAsync(topic);
        consumer.Inbox.AnswerInTurn(new Answer(answer), Answer.Ok);
        var id = await producer.SendAsync(topic);
        await consumer.Inbox.WaitForAsync(id, 1);
        await WaitForDeliveryAsync(id, consumer, state);
        await WaitForDeliveryAsync(id, other, DeliveryStates.Delivered);
        var visit = await OpenAsync($"/messages/{id}");

        await visit.Find("tr").Filter(new() { HasText = consumer.Subscription }).GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await visit.Find("#txmsg-dialog-reason").FillAsync("they lost it");
        await visit.Dialog.Locator("[data-dialog=confirm]").ClickAsync();

        await consumer.Inbox.WaitForAsync(id, 2);
        await WaitForDeliveryAsync(id, consumer, DeliveryStates.Delivered);
        other.Inbox.Of(id).Should().ContainSingle();
    }

    [Test]
    public async Task Title_FollowsTheState_WithoutAReload()
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync(Unique.Name("followed"));
        var visit = await OpenAsync($"/messages/{id}");
        await Assertions.Expect(visit.Find("h1 [data-state]")).ToHaveAttributeAsync("data-state", MessageStates.Prepared);

        (await Api.CommitAsync(id)).Expect(200);

        await Assertions.Expect(visit.Find("h1 [data-state]")).ToHaveAttributeAsync("data-state", MessageStates.Committed, new() { Timeout = 30_000 });
    }

    [Test]
    public async Task Payload_OfBytes_IsShownInHexadecimal()
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync("bytes", message => message with { Payload = null, PayloadBase64 = Convert.ToBase64String([0, 1, 0xfe, 0xff, (byte)'A']) });

        var visit = await OpenAsync($"/messages/{id}");

        await Assertions.Expect(visit.Find(".txmsg-payload")).ToContainTextAsync("00 01 fe ff 41");
    }

    [Test]
    public async Task Dialog_IsUsedByKeyboardAlone()
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync(Unique.Name("keyboard"));
        var visit = await OpenAsync($"/messages/{id}");

        await visit.Button("Roll back").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Dialog).ToBeVisibleAsync();
        await visit.CheckAccessibilityAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(visit.Dialog).ToBeHiddenAsync();
        await Assertions.Expect(visit.Button("Roll back")).ToBeFocusedAsync();

        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Find("#txmsg-dialog-reason").FocusAsync();
        await visit.Page.Keyboard.TypeAsync("by keyboard");
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Enter");

        await WaitForStateAsync(id, MessageStates.RolledBack);
    }

    [Test]
    public async Task Message_ThatIsNotThere_IsSaid()
    {
        var visit = await Visit.BeginAsync(Coordinator.Address, Look.Usual);
        await using (visit)
        {
            var answer = await visit.Page.GotoAsync($"/hangfire/txmsg/messages/{Guid.NewGuid()}");

            answer!.Status.Should().Be(404);
            await Assertions.Expect(visit.Find("main")).ToContainTextAsync("There is no message with this id");
        }
    }

    private async Task<(Consumer Consumer, string Id)> DecidedAsync()
    {
        var producer = await RegisterProducerAsync();
        var consumer = await SubscribeAsync(Unique.Name("shown"));
        return (consumer, await producer.SendAsync(consumer.Topic, message => message with { Key = "order-17", Tag = "new" }));
    }
}
