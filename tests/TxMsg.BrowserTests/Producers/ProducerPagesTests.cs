namespace TxMsg.BrowserTests.Producers;

public sealed class ProducerPagesTests(StoreKind store) : DashboardFixture(store)
{
    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task Pages_HoldInEveryLook(Look look)
    {
        var producer = await RegisterProducerAsync();

        await CheckAsync("/producers", look);
        await CheckAsync($"/producers/{producer.Name}", look);
    }

    [Test]
    public async Task List_LeadsToTheProducer_AndToItsMessages()
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync("of.this.producer");
        var visit = await OpenAsync("/producers");

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = producer.Name, Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Find("h1")).ToContainTextAsync(producer.Name);
        await Assertions.Expect(visit.Find(".txmsg-facts")).ToContainTextAsync(producer.CheckBacks.Inbox.Url.ToString());
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Its messages", Exact = true }).ClickAsync();

        await Assertions.Expect(visit.Find("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(visit.Find("tbody")).ToContainTextAsync(id);
    }

    [Test]
    public async Task TestCheckBack_ShowsTheAnswer()
    {
        var producer = await RegisterProducerAsync();
        producer.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Rollback));
        var visit = await OpenAsync($"/producers/{producer.Name}");

        await visit.ActAsync("Send a test check-back", "is it right?");

        await Assertions.Expect(visit.Find(".txmsg-dialog-answer")).ToContainTextAsync("\"answer\": \"rollback\"");
        await visit.Button("Close").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToBeHiddenAsync();
    }

    [Test]
    public async Task Secret_IsRotated_AndShownOnce()
    {
        var producer = await RegisterProducerAsync();
        var visit = await OpenAsync($"/producers/{producer.Name}");

        await visit.ActAsync("Rotate the secret", "it leaked");

        await Assertions.Expect(visit.Find(".txmsg-dialog-answer")).ToContainTextAsync("whsec_");
        (await visit.Find(".txmsg-dialog-answer").InnerTextAsync()).Should().NotContain(producer.Secret);
        await visit.Button("Close").ClickAsync();
        await visit.Page.WaitForLoadStateAsync();
        (await visit.Page.ContentAsync()).Should().NotContain("whsec_");
    }

    [Test]
    public async Task Producer_ThatAnswersNoCheckBack_IsShownUnwell()
    {
        var producer = await RegisterProducerAsync();
        producer.CheckBacks.AnswerOtherwise(new Answer(500));
        var id = await producer.PrepareAsync("unwell");
        (await Api.PostAsync($"/v1/messages/{id}/check-back", new { })).Expect(202);
        await producer.CheckBacks.AskedAsync(id);

        var visit = await OpenAsync($"/producers/{producer.Name}");

        await Eventually.HoldsAsync(async () =>
        {
            await visit.Page.ReloadAsync();
            // Asked again meanwhile, perhaps: always in vain.
            (await visit.Find(".txmsg-facts").InnerTextAsync()).Should().MatchRegex(@"\b(?<asked>\d+) of \k<asked> failed");
        });
    }

    [Test]
    public async Task Producer_ThatIsNotThere_IsSaid()
    {
        await using var visit = await Visit.BeginAsync(Coordinator.Address, Look.Usual);

        (await visit.Page.GotoAsync("/hangfire/txmsg/producers/nobody"))!.Status.Should().Be(404);

        await Assertions.Expect(visit.Find("main")).ToContainTextAsync("nobody");
    }
}
