namespace TxMsg.BrowserTests.DeadLetters;

/// <summary>People who sign in: an operator acts, a viewer only looks.</summary>
public sealed class DeadLetterReadersTests(StoreKind store) : KeyedDashboardFixture(store)
{
    [Test]
    public async Task Viewer_SeesEverything_AndHasNoButtons()
    {
        var dead = await DieAsync(3);
        var id = (await Api.StartBulkAsync("discard", new { subscription = dead.Consumer.Subscription, messageIds = dead.Ids.Take(2) }, perSecond: 1)).Id;

        foreach (var path in new[] { $"/bulk-actions/{id}", "/bulk-actions", "/dead-letters", $"/dead-letters?subscription={dead.Consumer.Subscription}" })
        {
            var visit = await OpenAsAsync(ViewerKey, path);
            await Assertions.Expect(visit.Find("main progress, main tbody tr").First).ToBeVisibleAsync();
            (await visit.Find("[data-call], [data-select-row], [data-select-all], template").CountAsync()).Should().Be(0);
        }
    }

    [Test]
    public async Task Operator_Acts_AndIsNamed()
    {
        var dead = await DieAsync(2);
        var visit = await OpenAsAsync(OperatorKey, $"/dead-letters?subscription={dead.Consumer.Subscription}");

        await visit.ActAsync("Discard all that match", "from a test");

        await Assertions.Expect(visit.Find("#bulk-progress [data-state]")).ToHaveAttributeAsync("data-state", "finished", new() { Timeout = 30_000 });
        await Assertions.Expect(visit.Find("[data-card=done] strong")).ToHaveTextAsync("2");
        await Assertions.Expect(visit.Find("main")).ToContainTextAsync("(Olga)");
        (await Api.DeadLettersAsync(dead.Consumer.Subscription)).Items.Should().BeEmpty();
    }

    private async Task<DeadConsumer> DieAsync(int count) => await DeadConsumer.MakeAsync(Api, await RegisterProducerAsync(), await SubscribeAsync(Unique.Name("dead")), count);
}
