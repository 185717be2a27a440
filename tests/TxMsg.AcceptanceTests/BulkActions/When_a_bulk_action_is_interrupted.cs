namespace TxMsg.AcceptanceTests.BulkActions;

public sealed class When_a_bulk_action_is_interrupted(StoreKind store) : OwnCoordinatorFixture(store)
{
    [Test]
    public async Task ByAKill_AnotherJobGoesOn_AndEachIsRedeliveredOnce()
    {
        const int count = 120;
        const int perSecond = 20;
        var shop = await RegisterProducerAsync();
        var dead = await DeadConsumer.MakeAsync(Api, shop, await SubscribeAsync(Unique.Name("orders")), count);
        dead.Consumer.Inbox.AnswerWith(Answer.Ok);
        var id = (await Api.StartBulkAsync("redeliver", new { subscription = dead.Consumer.Subscription }, perSecond)).Id;
        await Api.WaitForBulkAsync(id, action => action.Json.Number("done") >= 20, "be under way");

        await Coordinator.KillAndRestartAsync();

        var atStart = await Api.BulkActionAsync(id);
        atStart.State.Should().Be("running");
        atStart.Json.Number("done").Should().BeInRange(20, count - 20, "what was done is known, and not all of it was");
        // With several nodes the lost job's lease must pass first.
        await Api.WaitForBulkAsync(id, action => action.State == "finished", "finish in spite of it", TimeSpan.FromMinutes(2));
        (await Api.FinishBulkAsync(id)).Should().Be((count, 0, 0));
        await dead.Consumer.Inbox.WaitForAllAsync([.. dead.Ids]);
        (await Api.RedeliveriesAsync(dead.Ids)).Should().HaveCount(count);
        await Eventually.ReadAsync(
            () => Api.SubscriptionAsync(dead.Consumer.Subscription),
            reply => reply.Json.Number("deadLettered") + reply.Json.Number("pending") + reply.Json.Number("leased") == 0,
            "everything to be delivered");
    }

    [Test]
    public async Task ByAStop_ItGoesOnAfterTheStart()
    {
        const int count = 40;
        var shop = await RegisterProducerAsync();
        var ids = new List<string>();
        for (var i = 0; i < count; i++) ids.Add(await shop.PrepareAsync("orders", message => message with { CheckBackAfterSeconds = 3600 }));
        var id = (await Api.StartBulkAsync("rollback", new { messageIds = ids }, perSecond: 10)).Id;
        await Api.WaitForBulkAsync(id, action => action.Json.Number("done") >= 6, "be under way");

        (await Coordinator.StopAsync()).Should().Be(0);
        await Coordinator.StartAsync();

        (await Api.FinishBulkAsync(id)).Should().Be((count, 0, 0));
    }
}
