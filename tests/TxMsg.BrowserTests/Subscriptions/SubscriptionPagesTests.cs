namespace TxMsg.BrowserTests.Subscriptions;

public sealed class SubscriptionPagesTests(StoreKind store) : DashboardFixture(store)
{
    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task Pages_HoldInEveryLook(Look look)
    {
        var consumer = await SubscribeAsync(Unique.Name("looked.at"));

        await CheckAsync("/subscriptions", look);
        await CheckAsync($"/subscriptions/{consumer.Subscription}", look);
    }

    [Test]
    public async Task Subscription_IsPausedAndResumed()
    {
        var consumer = await SubscribeAsync(Unique.Name("paused"));
        var visit = await OpenAsync($"/subscriptions/{consumer.Subscription}");

        await visit.ActAsync("Pause", "the warehouse moves");
        await Assertions.Expect(visit.Find("h1 [data-state]")).ToHaveAttributeAsync("data-state", "paused");
        await Assertions.Expect(visit.Find(".txmsg-facts")).ToContainTextAsync("the warehouse moves");

        await visit.ActAsync("Resume", null);
        await Assertions.Expect(visit.Find("h1 [data-state]")).ToHaveAttributeAsync("data-state", "active");
    }

    [Test]
    public async Task Subscription_ThatIsPausedElsewhere_IsSaid_WithoutAReload()
    {
        var consumer = await SubscribeAsync(Unique.Name("paused.elsewhere"));
        var visit = await OpenAsync($"/subscriptions/{consumer.Subscription}");
        await Assertions.Expect(visit.Button("Pause")).ToBeVisibleAsync();

        (await Api.PostAsync($"/v1/subscriptions/{consumer.Subscription}/pause")).Expect(200);

        await Assertions.Expect(visit.Button("Resume")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(visit.Find("h1 [data-state]")).ToHaveAttributeAsync("data-state", "paused");
        await Assertions.Expect(visit.Button("Pause")).ToHaveCountAsync(0);
    }

    [Test]
    public async Task LongestName_LeavesTheOtherColumnsInView()
    {
        var consumer = await SubscribeAsync(Unique.Name("neighbour"));
        var name = new string('n', 128);
        (await Api.PutAsync($"/v1/subscriptions/{name}", new NewSubscription(consumer.Topic, consumer.Inbox.Url))).Expect(201);

        var visit = await OpenAsync("/subscriptions");

        var backlog = await visit.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Dead letters" }).BoundingBoxAsync();
        (backlog!.X + backlog.Width).Should().BeLessThan(Look.Usual.Width);
        (await Api.DeleteAsync($"/v1/subscriptions/{name}")).Expect(204);
    }

    [Test]
    public async Task Action_ThatIsUnderWay_KeepsItsDialogUntilTheAnswer()
    {
        var consumer = await SubscribeAsync(Unique.Name("slow"));
        var gate = new TaskCompletionSource();
        consumer.Inbox.AnswerWith(new Answer(418) { Gate = gate.Task });
        var visit = await OpenAsync($"/subscriptions/{consumer.Subscription}");

        await visit.ActAsync("Send a test delivery", null);
        await Assertions.Expect(visit.Dialog).ToHaveAttributeAsync("aria-busy", "true");
        await Assertions.Expect(visit.Button("Cancel")).ToBeDisabledAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Page.Keyboard.PressAsync("Escape");
        gate.SetResult();

        await Assertions.Expect(visit.Find(".txmsg-dialog-answer")).ToContainTextAsync("418");
        await Assertions.Expect(visit.Find(".txmsg-dialog-answer")).ToBeVisibleAsync();
        await visit.Button("Close").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToBeHiddenAsync();
    }

    [Test]
    public async Task TestDelivery_ShowsTheAnswer()
    {
        var consumer = await SubscribeAsync(Unique.Name("tested"));
        consumer.Inbox.AnswerWith(new Answer(503));
        var visit = await OpenAsync($"/subscriptions/{consumer.Subscription}");

        await visit.ActAsync("Send a test delivery", null);

        await Assertions.Expect(visit.Find(".txmsg-dialog-answer")).ToContainTextAsync("503");
    }

    [Test]
    public async Task RetryNow_SendsWhatWaits_AndIsOfferedWhileSomethingDoes()
    {
        var producer = await RegisterProducerAsync();
        var consumer = await SubscribeAsync(Unique.Name("retried"), subscription => subscription with { RetryScheduleSeconds = [3600] });
        consumer.Inbox.AnswerInTurn(new Answer(500), Answer.Ok);
        var id = await producer.SendAsync(consumer.Topic);
        await consumer.Inbox.WaitForAsync(id, 1);
        await WaitForDeliveryAsync(id, consumer, DeliveryStates.Pending);
        var visit = await OpenAsync($"/subscriptions/{consumer.Subscription}");

        await visit.ActAsync("Retry now", "it is repaired");

        await WaitForDeliveryAsync(id, consumer, DeliveryStates.Delivered);
        await Assertions.Expect(visit.Button("Retry now")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
    }

    [Test]
    public async Task Secret_IsRotated_AndShownOnce()
    {
        var consumer = await SubscribeAsync(Unique.Name("rotated"));
        var visit = await OpenAsync($"/subscriptions/{consumer.Subscription}");

        await visit.ActAsync("Rotate the secret", null);

        await Assertions.Expect(visit.Find(".txmsg-dialog-answer")).ToContainTextAsync("whsec_");
    }

    [Test]
    public async Task Delete_AsksFirst_AndLeadsToTheList()
    {
        var consumer = await SubscribeAsync(Unique.Name("deleted"));
        var visit = await OpenAsync($"/subscriptions/{consumer.Subscription}");

        await visit.Button("Delete").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("This can never be taken back.");
        await visit.Button("Cancel").ClickAsync();
        (await Api.GetAsync($"/v1/subscriptions/{consumer.Subscription}")).Expect(200);

        await visit.ActAsync("Delete", "not needed any more");

        await Assertions.Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/txmsg/subscriptions$"));
        (await Api.GetAsync($"/v1/subscriptions/{consumer.Subscription}")).Expect(404);
    }

    [Test]
    public async Task Action_ThatFails_ShowsWhy()
    {
        var consumer = await SubscribeAsync(Unique.Name("gone"));
        var visit = await OpenAsync($"/subscriptions/{consumer.Subscription}");
        visit.Expect(404, "POST", $"/v1/subscriptions/{consumer.Subscription}/pause");
        (await Api.DeleteAsync($"/v1/subscriptions/{consumer.Subscription}")).Expect(204);

        await visit.ActAsync("Pause", "too late");

        await Assertions.Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(consumer.Subscription);
    }

    [Test]
    public async Task Subscription_ThatIsDeletedElsewhere_IsNoServerThatIsAway()
    {
        var consumer = await SubscribeAsync(Unique.Name("deleted.elsewhere"));
        var visit = await OpenAsync($"/subscriptions/{consumer.Subscription}");
        visit.Expect(404, "GET", $"/hangfire/txmsg/subscriptions/{consumer.Subscription}");

        (await Api.DeleteAsync($"/v1/subscriptions/{consumer.Subscription}")).Expect(204);

        await Assertions.Expect(visit.Find("#subscription")).ToHaveAttributeAsync("data-stale", "Not up to date: this is not there any more.", new() { Timeout = 30_000 });
    }

    [Test]
    public async Task Backlog_AndFailures_AreShown()
    {
        var producer = await RegisterProducerAsync();
        var consumer = await SubscribeAsync(Unique.Name("failing"), subscription => subscription with { RetryScheduleSeconds = [600] });
        consumer.Inbox.AnswerWith(new Answer(500));
        await consumer.Inbox.WaitForAsync(await producer.SendAsync(consumer.Topic));

        var visit = await OpenAsync($"/subscriptions/{consumer.Subscription}");

        await Eventually.HoldsAsync(async () =>
        {
            await visit.Page.ReloadAsync();
            (await visit.Find(".txmsg-facts").InnerTextAsync()).Should().Contain("1 of 1 failed");
        });
    }
}
