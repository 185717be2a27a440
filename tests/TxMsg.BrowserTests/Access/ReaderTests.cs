namespace TxMsg.BrowserTests.Access;

/// <summary>What operators and viewers find on the pages.</summary>
public sealed class ReaderTests(StoreKind store) : KeyedDashboardFixture(store)
{
    private const string Actions = "main button[data-call]";

    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task Menu_OfAViewer_HoldsInEveryLook(Look look) => await CheckAsync(await OpenAsAsync(ViewerKey, "", look), look);

    [Test]
    public async Task Menu_SaysWhoIsSignedIn()
    {
        var asOperator = await OpenAsAsync(OperatorKey, "/messages");
        var asViewer = await OpenAsAsync(ViewerKey, "/messages");

        await Assertions.Expect(asOperator.Find(".txmsg-menu-foot")).ToContainTextAsync("(Olga)");
        await Assertions.Expect(asOperator.Find(".txmsg-menu-foot")).Not.ToContainTextAsync("You may look");
        await Assertions.Expect(asViewer.Find(".txmsg-menu-foot")).ToContainTextAsync("(Victor)");
        await Assertions.Expect(asViewer.Find(".txmsg-menu-foot")).ToContainTextAsync("You may look, not change.");
    }

    [Test]
    public async Task Actions_AreForOperators_NotForViewers()
    {
        var producer = await RegisterProducerAsync();
        var consumer = await SubscribeAsync(Unique.Name("looked.at"));
        var undecided = await producer.PrepareAsync(Unique.Name("looked.at"));
        var delivered = await producer.SendAsync(consumer.Topic);
        await WaitForDeliveryAsync(delivered, consumer, DeliveryStates.Delivered);

        foreach (var (path, buttons) in new[] { ($"/messages/{undecided}", 3), ($"/messages/{delivered}", 1), ("/messages", 0), ("", 0), ("/audit", 0) })
        {
            var asOperator = await OpenAsAsync(OperatorKey, path);
            var asViewer = await OpenAsAsync(ViewerKey, path);

            (await asOperator.Find(Actions).CountAsync()).Should().BeGreaterThanOrEqualTo(buttons, path);
            (await asViewer.Find(Actions).CountAsync()).Should().Be(0, path);
        }
    }

    [Test]
    public async Task Action_OfAnOperator_GoesByCookieAndToken()
    {
        var producer = await RegisterProducerAsync();
        var id = await producer.PrepareAsync(Unique.Name("by.hand"));
        var visit = await OpenAsAsync(OperatorKey, $"/messages/{id}");

        await visit.ActAsync("Commit", "seen in the books");

        await Assertions.Expect(visit.Find("h1 [data-state]")).ToHaveAttributeAsync("data-state", MessageStates.Committed);
        (await Api.MessageAsync(id)).Expect(200).Text("reason").Should().Be("seen in the books");
        var audit = (await Api.GetAsync($"/v1/audit?message={id}")).Expect(200).Json;
        ((string)audit["items"]![0]!["actor"]!).Should().StartWith("admin:", "the act is that of the key, not of the server");
    }
}
