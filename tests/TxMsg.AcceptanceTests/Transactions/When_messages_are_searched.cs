namespace TxMsg.AcceptanceTests.Transactions;

public sealed class When_messages_are_searched(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task EachFilter_FindsWhatMatches()
    {
        var shop = await RegisterProducerAsync();
        var (orders, refunds) = (Unique.Name("orders"), Unique.Name("refunds"));
        var paid = await shop.PrepareAsync(orders, message => message with { Key = "17", Tag = "paid" });
        var sent = await shop.SendAsync(orders, message => message with { Key = "18", Tag = "sent" });
        var refund = await shop.PrepareAsync(refunds, message => message with { Key = "17" });
        (await Api.RollbackAsync(refund)).Expect(200);

        (await FindAsync($"producer={shop.Name}")).Should().BeEquivalentTo(paid, sent, refund);
        (await FindAsync($"topic={orders}")).Should().BeEquivalentTo(paid, sent);
        (await FindAsync($"producer={shop.Name}&key=17")).Should().BeEquivalentTo(paid, refund);
        (await FindAsync($"producer={shop.Name}&tag=sent")).Should().BeEquivalentTo(sent);
        (await FindAsync($"producer={shop.Name}&state=prepared")).Should().BeEquivalentTo(paid);
        (await FindAsync($"producer={shop.Name}&state=committed")).Should().BeEquivalentTo(sent);
        (await FindAsync($"producer={shop.Name}&state=rolledBack")).Should().BeEquivalentTo(refund);
        (await FindAsync($"topic={orders}&key=17&tag=paid&state=prepared")).Should().BeEquivalentTo(paid);
        (await FindAsync($"topic={orders}&key=19")).Should().BeEmpty();
    }

    [Test]
    public async Task TheTimeOfPrepare_CanBeLimited()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync(Unique.Name("orders"));
        var preparedAt = (await Api.MessageAsync(id)).Time("preparedAt");

        var before = Uri.EscapeDataString(preparedAt.AddSeconds(-1).ToString("O"));
        var after = Uri.EscapeDataString(preparedAt.AddSeconds(1).ToString("O"));

        (await FindAsync($"producer={shop.Name}&from={before}&to={after}")).Should().Equal(id);
        (await FindAsync($"producer={shop.Name}&from={after}")).Should().BeEmpty();
        (await FindAsync($"producer={shop.Name}&to={before}")).Should().BeEmpty();
    }

    [Test]
    public async Task ThePages_ShowEachMessageOnce()
    {
        var shop = await RegisterProducerAsync();
        var rows = Enumerable.Range(0, 25).Select(_ => shop.Message("paged") with { Id = Unique.Id() }).ToArray();
        (await Api.PostAsync("/v1/messages/batch", new { messages = rows })).Expect(200);

        var pages = new List<Reply>();
        var cursor = "";
        do
        {
            var page = (await Api.GetAsync($"/v1/messages?producer={shop.Name}&limit=10{cursor}")).Expect(200);
            pages.Add(page);
            cursor = "&cursor=" + Uri.EscapeDataString(page.NextCursor ?? "");
        }
        while (pages[^1].NextCursor is not null);

        pages.Take(2).Should().OnlyContain(page => page.Items.Count == 10);
        pages.SelectMany(page => page.Items).Select(item => item.Text("id")).Should()
            .OnlyHaveUniqueItems().And.BeEquivalentTo(rows.Select(row => row.Id));
    }

    [TestCase("state=lost", "state")]
    [TestCase("limit=0", "limit")]
    [TestCase("limit=1000000", "limit")]
    [TestCase("limit=many", "limit")]
    [TestCase("from=yesterday", "from")]
    [TestCase("to=tomorrow", "to")]
    [TestCase("cursor=nonsense", "cursor")]
    public async Task AWrongFilter_IsRefusedByItsName(string query, string field)
    {
        (await Api.GetAsync($"/v1/messages?{query}")).ShouldBeInvalid(field);
    }

    private async Task<IEnumerable<string?>> FindAsync(string query) =>
        (await Api.GetAsync($"/v1/messages?{query}")).Expect(200).Items.Select(item => item.Text("id"));
}
