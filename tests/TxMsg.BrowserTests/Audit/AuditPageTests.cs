namespace TxMsg.BrowserTests.Audit;

public sealed class AuditPageTests(StoreKind store) : DashboardFixture(store)
{
    private const string Script = "<script>alert(1)</script><img src=x onerror=alert(2)>";

    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task Page_HoldsInEveryLook(Look look)
    {
        await DecidedAsync("a reason");

        await CheckAsync("/audit", look);
    }

    [Test]
    public async Task Page_TellsWhoDidWhatAndWhy_NewestFirst()
    {
        var consumer = await SubscribeAsync(Unique.Name("audited"));
        (await Api.PostAsync($"/v1/subscriptions/{consumer.Subscription}/pause", new { reason = "they asked us to" })).Expect(200);

        var visit = await OpenAsync($"/audit?subscription={consumer.Subscription}");

        (await visit.Find("tbody tr").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.action)")).Should().Equal("pauseSubscription", "createSubscription");
        var row = visit.Find("tbody tr").First;
        await Assertions.Expect(row).ToContainTextAsync("loopback");
        await Assertions.Expect(row).ToContainTextAsync("pause subscription");
        await Assertions.Expect(row).ToContainTextAsync("they asked us to");
        await Assertions.Expect(visit.Find("tbody tr").Last).ToContainTextAsync($"topic: {consumer.Topic}");
    }

    [Test]
    public async Task BulkAction_AndItsEnd_SayWhichOneAndWhatItWasAbout()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => Guid.CreateVersion7()).ToArray();
        // One a second: it is still under way when it is cancelled.
        var id = (await Api.StartBulkAsync("rollback", new { messageIds = ids }, perSecond: 1)).Id;
        (await Api.PostAsync($"/v1/bulk-actions/{id}/cancel", new { reason = "enough" })).Expect(200);

        var visit = await OpenAsync("/audit");

        await Assertions.Expect(visit.Find("tr[data-action=bulkRollback]").First).ToContainTextAsync($"bulkAction: {id}; total: 100; messageIds: 100");
        await Assertions.Expect(visit.Find("tr[data-action=cancelBulkAction]").First).ToContainTextAsync($"bulkAction: {id}");
    }

    [Test]
    public async Task Filters_FindOneAction_AndLeadToItsMessage()
    {
        var id = await DecidedAsync("seen in the books");
        var visit = await OpenAsync("/audit");

        await visit.Page.GetByLabel("Message", new() { Exact = true }).FillAsync(id);
        await visit.Page.GetByLabel("Action", new() { Exact = true }).SelectOptionAsync("roll back");
        await visit.Button("Search").ClickAsync();

        await Assertions.Expect(visit.Find("tbody tr")).ToHaveCountAsync(1);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = id }).ClickAsync();
        await Assertions.Expect(visit.Find("h1")).ToContainTextAsync(id);
        await Assertions.Expect(visit.Find(".txmsg-timeline")).ToContainTextAsync("seen in the books");
    }

    [Test]
    public async Task Actor_LeadsToAllThatTheyDid()
    {
        await DecidedAsync("a reason");
        var visit = await OpenAsync("/audit?action=rollback&limit=1");

        await visit.Find("td.txmsg-actor a").ClickAsync();

        await Assertions.Expect(visit.Page.GetByLabel("Who")).ToHaveValueAsync("loopback");
        await Assertions.Expect(visit.Page.GetByLabel("Action", new() { Exact = true })).ToHaveValueAsync("rollback");
    }

    [TestCase("message", "not-a-uuid")]
    [TestCase("action", "dance")]
    [TestCase("from", "yesterday")]
    [TestCase("cursor", "x")]
    [TestCase("limit", "0")]
    public async Task Search_ThatIsWrong_NamesTheField(string field, string value)
    {
        var visit = await OpenAsync($"/audit?{field}={value}");

        await Assertions.Expect(visit.Find("main .alert-danger:visible")).ToContainTextAsync(field);
    }

    [Test]
    public async Task NothingAtAll_IsSaid()
    {
        var visit = await OpenAsync("/audit?actor=nobody");

        await Assertions.Expect(visit.Find("main")).ToContainTextAsync("There is nothing here.");
        await Assertions.Expect(visit.Find("[data-searched-to]")).ToHaveCountAsync(0);
    }

    [Test]
    public async Task Pages_ShowEveryEntryOnce()
    {
        var producer = await RegisterProducerAsync();
        for (var i = 0; i < 4; i++) (await Api.PostAsync($"/v1/producers/{producer.Name}/rotate-secret", new { reason = $"turn {i}" })).Expect(200);
        var visit = await OpenAsync($"/audit?producer={producer.Name}&limit=2");

        var seen = new List<string>();
        for (var more = true; more;)
        {
            seen.AddRange(await visit.Find("tbody tr td:nth-child(5)").AllInnerTextsAsync());
            more = await visit.Find("a[rel=next]").CountAsync() > 0;
            if (more) await visit.Find("a[rel=next]").ClickAsync();
        }

        seen.Should().Equal("turn 3", "turn 2", "turn 1", "turn 0", "");
    }

    [Test]
    public async Task ForeignText_IsShownAsText()
    {
        var id = await DecidedAsync(Script);

        var visit = await OpenAsync($"/audit?message={id}");

        await Assertions.Expect(visit.Find("tbody")).ToContainTextAsync(Script);
        (await visit.Find("main img, main script").CountAsync()).Should().Be(0);
        await visit.CheckWidthAsync();
    }

    [Test]
    public async Task Link_ToADeletedSubscription_IsNotOffered()
    {
        var consumer = await SubscribeAsync(Unique.Name("deleted"));
        (await Api.DeleteAsync($"/v1/subscriptions/{consumer.Subscription}")).Expect(204);

        var visit = await OpenAsync($"/audit?subscription={consumer.Subscription}");

        await Assertions.Expect(visit.Find("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = consumer.Subscription })).ToHaveCountAsync(0);
    }

    private async Task<string> DecidedAsync(string reason)
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync(Unique.Name("audited"));
        (await Api.RollbackAsync(id, reason)).Expect(200);
        return id;
    }
}
