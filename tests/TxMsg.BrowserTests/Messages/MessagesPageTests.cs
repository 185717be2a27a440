namespace TxMsg.BrowserTests.Messages;

public sealed class MessagesPageTests(StoreKind store) : DashboardFixture(store)
{
    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task Page_HoldsInEveryLook(Look look)
    {
        var producer = await RegisterProducerAsync();
        await producer.PrepareAsync(Unique.Name("looked.at"));

        await CheckAsync("/messages", look);
    }

    [Test]
    public async Task Search_FindsAMessageByItsKey_AndLeadsToIt()
    {
        var producer = await RegisterProducerAsync();
        var key = Unique.Name("order");
        var id = await producer.PrepareAsync("searched", message => message with { Key = key });
        await producer.PrepareAsync("searched", message => message with { Key = "another" });
        var visit = await OpenAsync("/messages");

        await visit.Page.GetByLabel("Key", new() { Exact = true }).FillAsync(key);
        await visit.Button("Search").ClickAsync();

        await Assertions.Expect(visit.Find("tbody tr")).ToHaveCountAsync(1);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = id }).ClickAsync();
        await Assertions.Expect(visit.Find("h1")).ToContainTextAsync(id);
    }

    [TestCase("id", "not-a-uuid")]
    [TestCase("state", "maybe")]
    [TestCase("cursor", "x")]
    public async Task Search_ThatIsWrong_NamesTheField(string field, string value)
    {
        var visit = await OpenAsync($"/messages?{field}={value}");

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync(field);
    }

    [Test]
    public async Task Pages_ShowEveryMessageOnce()
    {
        var producer = await RegisterProducerAsync();
        var topic = Unique.Name("paged");
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await producer.PrepareAsync(topic));
        var visit = await OpenAsync($"/messages?topic={topic}&limit=2");

        var seen = new List<string>();
        for (var more = true; more;)
        {
            seen.AddRange(await visit.Find("td.txmsg-id").AllInnerTextsAsync());
            more = await visit.Find("a[rel=next]").CountAsync() > 0;
            if (more) await visit.Find("a[rel=next]").ClickAsync();
        }

        seen.Should().BeEquivalentTo(ids);
    }
}
