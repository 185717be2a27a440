namespace TxMsg.BrowserTests.Undecided;

public sealed class UndecidedPageTests(StoreKind store) : DashboardFixture(store)
{
    protected override Settings Configure(Settings settings) => settings.With("TxMsg:CheckBacks:MinBackoff", "00:30:00").With("TxMsg:CheckBacks:MaxBackoff", "00:30:00");

    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task Page_HoldsInEveryLook(Look look)
    {
        await OverdueAsync(2);

        await CheckAsync("/undecided", look);
    }

    [Test]
    public async Task Summary_LeadsToTheMessagesOfAProducer()
    {
        var (producer, ids) = await OverdueAsync(3);
        var visit = await OpenAsync("/undecided");

        var row = visit.Find("#undecided tr").Filter(new() { HasText = producer.Name });
        await Assertions.Expect(row).ToContainTextAsync("3", new() { Timeout = 30_000 });
        await row.GetByRole(AriaRole.Link, new() { Name = "3", Exact = true }).Last.ClickAsync();

        (await visit.Find("td.txmsg-id").AllInnerTextsAsync()).Should().BeEquivalentTo(ids);
    }

    [Test]
    public async Task Messages_BeforeTheirFirstCheckBack_AreNotShown_ButTheirCountLeadsToThem()
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync("still.young");

        var visit = await OpenAsync($"/undecided?producer={producer.Name}");

        await Assertions.Expect(visit.Find("main")).Not.ToContainTextAsync(id);
        var row = visit.Find("#undecided tr").Filter(new() { HasText = producer.Name });
        await row.GetByRole(AriaRole.Link, new() { Name = "1", Exact = true }).ClickAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(visit.Find("td.txmsg-id")).ToHaveTextAsync(id);
    }

    [TestCase("Roll back selected", MessageStates.RolledBack)]
    [TestCase("Commit selected", MessageStates.Committed)]
    public async Task Selected_AreDecided_AndTheOthersLeft(string button, string state)
    {
        var (producer, ids) = await OverdueAsync(3);
        var visit = await OpenAsync($"/undecided?producer={producer.Name}");
        foreach (var id in ids.Take(2)) await visit.Find($"input[data-select-row][value='{id}']").CheckAsync();

        await visit.ActAsync(button, "seen in the books");

        await WaitForStateAsync(ids[0], state);
        await WaitForStateAsync(ids[1], state);
        (await Api.MessageAsync(ids[2])).State.Should().Be(MessageStates.Prepared);
    }

    [Test]
    public async Task Selected_WhenNothingIs_IsSaid()
    {
        var (producer, _) = await OverdueAsync(1);
        var visit = await OpenAsync($"/undecided?producer={producer.Name}");

        await visit.Button("Roll back selected").ClickAsync();

        await Assertions.Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Select at least one row first.");
        await Assertions.Expect(visit.Dialog.Locator("[data-dialog=confirm]")).ToBeDisabledAsync();
    }

    [Test]
    public async Task AllThatMatch_AreCountedFirst_AndThenDecided()
    {
        var (producer, ids) = await OverdueAsync(4);
        var visit = await OpenAsync($"/undecided?producer={producer.Name}");

        await visit.Button("Roll back all").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("Roll 4 messages back");
        await visit.Find("#txmsg-dialog-reason").FillAsync("the import was stopped");
        await visit.Dialog.Locator("[data-dialog=confirm]").ClickAsync();

        foreach (var id in ids) (await WaitForStateAsync(id, MessageStates.RolledBack)).Text("reason").Should().Be("the import was stopped");
    }

    [Test]
    public async Task AllThatMatch_AreThoseThatWereCounted()
    {
        var (producer, ids) = await OverdueAsync(2);
        var visit = await OpenAsync($"/undecided?producer={producer.Name}");
        await visit.Button("Roll back all").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("Roll 2 messages back");
        var uncounted = await producer.PrepareAsync("overdue");
        await producer.CheckBacks.AskedAsync(uncounted);

        await visit.Find("#txmsg-dialog-reason").FillAsync("the import was stopped");
        await visit.Dialog.Locator("[data-dialog=confirm]").ClickAsync();

        foreach (var id in ids) await WaitForStateAsync(id, MessageStates.RolledBack);
        (await Api.MessageAsync(uncounted)).State.Should().Be(MessageStates.Prepared);
    }

    [Test]
    public async Task AllThatMatch_WhenTheyAreMoreByNow_AreToBeConfirmedAgain()
    {
        var producer = await RegisterProducerAsync(registered => registered with { CheckBackAfterSeconds = 1 });
        var young = await producer.PrepareAsync("overdue", message => message with { CheckBackAfterSeconds = 3600 });
        var overdue = await producer.PrepareAsync("overdue");
        await producer.CheckBacks.AskedAsync(overdue);
        var visit = await OpenAsync($"/undecided?producer={producer.Name}");
        await visit.Button("Roll back all").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("Roll 1 message");
        (await Api.PostAsync($"/v1/messages/{young}/check-back", new { reason = "what is it?" })).Expect(202);
        await Eventually.HoldsAsync(async () => (await Api.MessageAsync(young)).Json.Number("checkBacks").Should().BePositive());
        visit.Expect(409, "POST", "/v1/bulk-actions");

        await visit.Find("#txmsg-dialog-reason").FillAsync("the import was stopped");
        await visit.Dialog.Locator("[data-dialog=confirm]").ClickAsync();
        await Assertions.Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("2 match now; 1 were counted.");
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("Roll 2 messages back");
        (await Api.MessageAsync(overdue)).State.Should().Be(MessageStates.Prepared);
        await visit.Dialog.Locator("[data-dialog=confirm]").ClickAsync();

        foreach (var id in new[] { young, overdue }) await WaitForStateAsync(id, MessageStates.RolledBack);
    }

    [Test]
    public async Task AllThatMatch_AreAskedAbout()
    {
        var (producer, ids) = await OverdueAsync(2);
        producer.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Commit));
        var visit = await OpenAsync($"/undecided?producer={producer.Name}");

        await visit.ActAsync("Check all again", "the producer is back");

        foreach (var id in ids) await WaitForStateAsync(id, MessageStates.Committed);
    }

    [Test]
    public async Task AVerdictForAll_NeedsAProducer()
    {
        await OverdueAsync(1);
        var visit = await OpenAsync("/undecided");

        await Assertions.Expect(visit.Button("Check all again")).ToBeVisibleAsync();
        (await visit.Button("Roll back all").CountAsync()).Should().Be(0);
        await Assertions.Expect(visit.Find("main")).ToContainTextAsync("Choose a producer to commit or roll back all that match.");
    }

    [TestCase("state", "committed")]
    [TestCase("producer", "nobody")]
    [TestCase("olderThanSeconds", "long")]
    public async Task Filter_ThatIsWrong_NamesTheField(string field, string value)
    {
        var visit = await OpenAsync($"/undecided?{field}={value}");

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync(field);
    }

    // Each has been asked about once, without an end.
    private async Task<(Producer Producer, IReadOnlyList<string> Ids)> OverdueAsync(int count)
    {
        var producer = await RegisterProducerAsync(registered => registered with { CheckBackAfterSeconds = 1 });
        var ids = new List<string>();
        for (var i = 0; i < count; i++) ids.Add(await producer.PrepareAsync("overdue", message => message with { Key = "<b>order</b>" }));
        foreach (var id in ids) await producer.CheckBacks.AskedAsync(id);
        foreach (var id in ids)
            await Eventually.HoldsAsync(async () => (await Api.MessageAsync(id)).Json.Number("checkBacks").Should().BePositive());
        return (producer, ids);
    }
}
