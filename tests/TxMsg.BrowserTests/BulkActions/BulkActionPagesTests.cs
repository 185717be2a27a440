namespace TxMsg.BrowserTests.BulkActions;

public sealed class BulkActionPagesTests(StoreKind store) : DashboardFixture(store)
{
    private const string Script = "<script>alert(1)</script><img src=x onerror=alert(2)>";

    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task Pages_HoldInEveryLook(Look look)
    {
        // It is under way for longer than a slow machine takes for three pages.
        var (_, slow) = await StartAsync(120, perSecond: 1);
        var (_, quick) = await StartAsync(1, perSecond: 500);
        await Api.FinishBulkAsync(quick);

        await CheckAsync("/bulk-actions", look);
        await CheckAsync($"/bulk-actions/{slow}", look);
        await CheckAsync($"/bulk-actions/{quick}", look);
        (await Api.PostAsync($"/v1/bulk-actions/{slow}/cancel")).Expect(200);
    }

    [Test]
    public async Task Progress_ReachesItsEnd_BeforeTheReadersEyes()
    {
        var (_, id) = await StartAsync(20, perSecond: 5);
        var visit = await OpenAsync($"/bulk-actions/{id}");
        await Assertions.Expect(State(visit)).ToHaveAttributeAsync("data-state", "running");
        await Assertions.Expect(visit.Find("#bulk-progress")).ToContainTextAsync("Expected end");
        await Assertions.Expect(visit.Button("End it now")).ToBeVisibleAsync();
        await visit.Page.EvaluateAsync("window.isTheSamePage = true");

        // It is seen on its way, too: not only at its start and at its end.
        await Eventually.HoldsAsync(async () => (await ValueAsync(visit)).Should().BeInRange(1, 19));
        await Assertions.Expect(State(visit)).ToHaveAttributeAsync("data-state", "finished", new() { Timeout = 30_000 });

        (await ValueAsync(visit)).Should().Be(20);
        await Assertions.Expect(visit.Find("[data-card=done] strong")).ToHaveTextAsync("20");
        await Assertions.Expect(visit.Find("#bulk-progress")).ToContainTextAsync("20 of 20");
        await Assertions.Expect(visit.Button("End it now")).ToHaveCountAsync(0);
        (await visit.Page.EvaluateAsync<bool>("window.isTheSamePage === true")).Should().BeTrue("nobody had to read the page again");
    }

    [Test]
    public async Task Cancel_EndsIt_WithAReason()
    {
        var (dead, id) = await StartAsync(100, perSecond: 2);
        var visit = await OpenAsync($"/bulk-actions/{id}");

        await visit.ActAsync("End it now", "the wrong ones");

        await Assertions.Expect(State(visit)).ToHaveAttributeAsync("data-state", "cancelled");
        (await Api.BulkActionAsync(id)).State.Should().Be("cancelled");
        (await Api.DeadLettersAsync(dead.Consumer.Subscription)).Items.Should().NotBeEmpty();
        (await Api.GetAsync($"/v1/audit?subscription={dead.Consumer.Subscription}")).Expect(200).Items.Select(item => item.Text("reason")).Should().Contain("the wrong ones");
    }

    [Test]
    public async Task Cancel_OfOneThatHasEnded_ShowsWhy()
    {
        var (_, id) = await StartAsync(20, perSecond: 4);
        var visit = await OpenAsync($"/bulk-actions/{id}");
        visit.Expect(409, "POST", $"/v1/bulk-actions/{id}/cancel");
        await visit.Button("End it now").ClickAsync();
        await visit.Dialog.Locator("#txmsg-dialog-reason").FillAsync("too late");
        await Api.FinishBulkAsync(id);

        await visit.Dialog.Locator("[data-dialog=confirm]").ClickAsync();

        await Assertions.Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("finished already");
    }

    [Test]
    public async Task OneThatWaits_SaysSo_AndSaysWhyItFails_WhenItsSubscriptionIsDeletedMeanwhile()
    {
        var others = new List<string>();
        for (var i = 0; i < 4; i++) others.Add((await StartAsync(100, perSecond: 1)).Id);
        var (dead, id) = await StartAsync(1, perSecond: 1);
        var visit = await OpenAsync($"/bulk-actions/{id}");
        await Assertions.Expect(State(visit)).ToHaveAttributeAsync("data-state", "waiting");
        await Assertions.Expect(visit.Find("#bulk-progress")).ToContainTextAsync("waits for its turn");

        (await Api.DeleteAsync($"/v1/subscriptions/{dead.Consumer.Subscription}")).Expect(204);
        foreach (var other in others) (await Api.PostAsync($"/v1/bulk-actions/{other}/cancel")).Expect(200);

        await Assertions.Expect(State(visit)).ToHaveAttributeAsync("data-state", "failed", new() { Timeout = 45_000 });
        await Assertions.Expect(visit.Find("#bulk-progress")).ToContainTextAsync("The subscription was deleted.");
        await Assertions.Expect(visit.Button("End it now")).ToHaveCountAsync(0);
    }

    [Test]
    public async Task List_TellsWhoWhatAndWhy_AndLeadsToEach()
    {
        var (dead, id) = await StartAsync(3, perSecond: 500, reason: Script);
        var some = (await Api.PostAsync("/v1/bulk-actions", new { kind = "redeliver", filter = new { subscription = dead.Consumer.Subscription, messageIds = dead.Ids.Take(2) }, reason = "again" })).Expect(202).Id;
        await Api.FinishBulkAsync(id);
        await Api.FinishBulkAsync(some);
        var visit = await OpenAsync("/bulk-actions");

        var row = visit.Find($"tr[data-bulk-action='{id}']");
        await Assertions.Expect(row).ToContainTextAsync("Discard");
        await Assertions.Expect(row).ToContainTextAsync(dead.Consumer.Subscription);
        await Assertions.Expect(row).ToContainTextAsync("loopback");
        await Assertions.Expect(row).ToContainTextAsync(Script);
        await Assertions.Expect(row).ToContainTextAsync("3 of 3");
        // Not as if it had been about all of the subscription.
        await Assertions.Expect(visit.Find($"tr[data-bulk-action='{some}']")).ToContainTextAsync("2 selected messages");
        (await visit.Find("main img, main script").CountAsync()).Should().Be(0);
        await visit.CheckWidthAsync();
        (await visit.Find("tr[data-bulk-action]").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.bulkAction)")).Should().BeInDescendingOrder(StringComparer.Ordinal);

        await row.Locator("a").First.ClickAsync();
        await Assertions.Expect(visit.Find("main")).ToContainTextAsync(Script);
        (await visit.Find("main img, main script").CountAsync()).Should().Be(0);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "The dead letters that are left" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByLabel("Subscription")).ToHaveValueAsync(dead.Consumer.Subscription);
    }

    [Test]
    public async Task Pages_ShowEveryOneOnce()
    {
        for (var i = 0; i < 3; i++) await StartAsync(1, perSecond: 500);
        var all = (await Api.GetAsync("/v1/bulk-actions?limit=100")).Items.Select(item => item.Text("id")).ToArray();
        var visit = await OpenAsync("/bulk-actions?limit=2");

        var seen = new List<string>();
        for (var more = true; more;)
        {
            seen.AddRange(await visit.Find("tr[data-bulk-action]").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.bulkAction)"));
            more = await visit.Find("a[rel=next]").CountAsync() > 0;
            if (more) await visit.Find("a[rel=next]").ClickAsync();
        }

        seen.Should().Equal(all);
    }

    [Test]
    public async Task Cursor_ThatIsWrong_IsNamed()
    {
        var visit = await OpenAsync("/bulk-actions?cursor=x");

        await Assertions.Expect(visit.Find("main .alert-danger:visible")).ToContainTextAsync("cursor");
    }

    [Test]
    public async Task Jobs_AreOneClickAway()
    {
        var (_, id) = await StartAsync(1, perSecond: 500);
        await Api.FinishBulkAsync(id);
        var visit = await OpenAsync($"/bulk-actions/{id}");

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Hangfire's jobs" }).ClickAsync();

        await Assertions.Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/hangfire/jobs/succeeded$"));
    }

    [Test]
    public async Task OneThatIsNotThere_IsSaid()
    {
        await using var visit = await Visit.BeginAsync(Coordinator.Address, Look.Usual);

        var answer = await visit.Page.GotoAsync($"/hangfire/txmsg/bulk-actions/{Guid.NewGuid()}");

        answer!.Status.Should().Be(404);
        await Assertions.Expect(visit.Find("main")).ToContainTextAsync("There is no bulk action with this id");
    }

    private static ILocator State(Visit visit) => visit.Find("#bulk-progress [data-state]");

    private static Task<double> ValueAsync(Visit visit) => visit.Find("#bulk-progress progress").EvaluateAsync<double>("bar => bar.value");

    private async Task<(DeadConsumer Dead, string Id)> StartAsync(int count, int perSecond, string reason = "because")
    {
        var dead = await DeadConsumer.MakeAsync(Api, await RegisterProducerAsync(), await SubscribeAsync(Unique.Name("dead")), count);
        var body = new { kind = "discard", filter = new { subscription = dead.Consumer.Subscription }, reason, perSecond };
        return (dead, (await Api.PostAsync("/v1/bulk-actions", body)).Expect(202).Id);
    }
}
