namespace TxMsg.AcceptanceTests.Crashes;

/// <summary>Nothing lost, nothing invented, through several kills at arbitrary moments of many transactions.</summary>
[NonParallelizable]
public sealed class When_it_is_killed_under_load(StoreKind store) : OwnCoordinatorFixture(store)
{
    protected override Settings Configure(Settings settings) => settings
        .With("TxMsg:CheckBacks:CheckBackAfter", "00:00:03")
        .With("TxMsg:Deliveries:Timeout", "00:00:02")
        .With("TxMsg:Deliveries:Lease", "00:00:04");

    [Test]
    public async Task WhatWasCommitted_ArrivesAndNothingElse()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var stock = await SubscribeAsync(billing.Topic);
        var load = new TransactionLoad(shop, billing.Topic);

        await load.RunAsync(Coordinator, interruptions: 3, Coordinator.KillAsync);

        load.MustArrive.Should().NotBeEmpty();
        load.LeftUndecided.Should().BeGreaterThan(0, "some were left to the check-back");
        foreach (var consumer in new[] { billing, stock })
        {
            await consumer.Inbox.WaitForAllAsync(load.MustArrive);
        }

        await Eventually.ReadAsync(
            () => Api.GetAsync($"/v1/messages?producer={shop.Name}&state=prepared"),
            undecided => undecided.Items.Count == 0,
            "every half message to be decided");
        var marker = await shop.SendAsync(billing.Topic);
        foreach (var consumer in new[] { billing, stock })
        {
            await consumer.Inbox.WaitForAsync(marker);
            consumer.Inbox.Received.Select(request => request.MessageId).Should().BeSubsetOf([.. load.MustArrive, marker]);
        }
    }
}
