namespace TxMsg.BrowserTests.DeadLetters;

/// <summary>People who sign in: an operator acts, a viewer only looks.</summary>
public sealed class DeadLettersViewerTests(StoreKind store) : DashboardFixture(store)
{
    private readonly string adminKey = Unique.Name("admin") + Guid.NewGuid().ToString("N");

    protected override string AdminKey => adminKey;

    protected override Settings Configure(Settings settings) => settings
        .With("TxMsg:Access:Mode", "ApiKeys").With("TxMsg:Access:AdminKey", adminKey).With("TxMsg:Webhooks:AllowedNetworks:0", "127.0.0.0/8");

    [Test]
    public async Task Viewer_SeesEverything_AndHasNoButtons()
    {
        var viewerKey = (await Api.PostAsync("/v1/admin-keys", new { role = "viewer", name = "Victor" })).Expect(201).Text("key")!;
        var dead = await DeadConsumer.MakeAsync(Api, await RegisterProducerAsync(), await SubscribeAsync(Unique.Name("dead")), 3);
        var id = (await Api.StartBulkAsync("discard", new { subscription = dead.Consumer.Subscription, messageIds = dead.Ids.Take(1) }, perSecond: 1)).Id;
        var visit = await SignInAsync(viewerKey, $"/bulk-actions/{id}");

        await Assertions.Expect(visit.Find("#bulk-progress progress")).ToBeVisibleAsync();
        await NoButtonsAsync(visit);
        foreach (var path in new[] { "/dead-letters", $"/dead-letters?subscription={dead.Consumer.Subscription}", "/bulk-actions" })
        {
            await visit.Page.GotoAsync("/hangfire/txmsg" + path);
            await Assertions.Expect(visit.Find("tbody tr").First).ToBeVisibleAsync();
            await NoButtonsAsync(visit);
        }
    }

    [Test]
    public async Task Operator_Acts()
    {
        var dead = await DeadConsumer.MakeAsync(Api, await RegisterProducerAsync(), await SubscribeAsync(Unique.Name("dead")), 2);
        var visit = await SignInAsync(adminKey, $"/dead-letters?subscription={dead.Consumer.Subscription}");
        await visit.Page.GotoAsync($"/hangfire/txmsg/dead-letters?subscription={dead.Consumer.Subscription}");

        await visit.ActAsync("Discard all that match", "from a test");

        await Assertions.Expect(visit.Find("#bulk-progress [data-state]")).ToHaveAttributeAsync("data-state", "finished", new() { Timeout = 30_000 });
        await Assertions.Expect(visit.Find("[data-card=done] strong")).ToHaveTextAsync("2");
        (await Api.DeadLettersAsync(dead.Consumer.Subscription)).Items.Should().BeEmpty();
    }

    private static async Task NoButtonsAsync(Visit visit) => (await visit.Find("[data-call], [data-select-row], [data-select-all], template").CountAsync()).Should().Be(0);

    private async Task<Visit> SignInAsync(string key, string path)
    {
        var visit = await OpenAsync(path);
        await visit.Find("#key").FillAsync(key);
        await visit.Find("form button").ClickAsync();
        await Assertions.Expect(visit.Find("main")).ToBeVisibleAsync();
        return visit;
    }
}
