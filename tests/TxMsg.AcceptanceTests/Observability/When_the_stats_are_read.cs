namespace TxMsg.AcceptanceTests.Observability;

public sealed class When_the_stats_are_read(StoreKind store) : OwnCoordinatorFixture(store)
{
    [Test]
    public async Task AnEmptyCoordinator_CountsNothing()
    {
        var stats = (await Api.GetAsync("/v1/stats")).Expect(200).Json;

        stats.Object("messages").Number("prepared").Should().Be(0);
        stats.Object("messages").Number("parked").Should().Be(0);
        stats["oldestPreparedAgeSeconds"].Should().BeNull();
        stats.List("subscriptions").Should().BeEmpty();
    }

    [Test]
    public async Task TheCounts_FollowTheStates()
    {
        var shop = await RegisterProducerAsync(producer => producer with { MaxUnknownAnswers = 1 });
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { RetryScheduleSeconds = [600] });
        billing.Inbox.AnswerInTurn(new Answer(422), new Answer(500));
        await shop.PrepareAsync("other");
        (await Api.RollbackAsync(await shop.PrepareAsync("other"))).Expect(200);
        var parked = await shop.PrepareAsync("other", message => message with { CheckBackAfterSeconds = 1 });
        await WaitForStateAsync(parked, MessageStates.Parked);
        var rejected = await shop.SendAsync(billing.Topic);
        await WaitForDeliveryAsync(rejected, billing, DeliveryStates.DeadLettered);
        await shop.SendAsync(billing.Topic);

        await Eventually.HoldsAsync(async () =>
        {
            var stats = (await Api.GetAsync("/v1/stats")).Expect(200).Json;
            var messages = stats.Object("messages");
            messages.Number("prepared").Should().Be(1);
            messages.Number("parked").Should().Be(1);
            stats.Number("oldestPreparedAgeSeconds").Should().BeGreaterThan(0);
            stats.Object("deliveries").Number("pending").Should().Be(1);
            stats.Object("deliveries").Number("deadLettered").Should().Be(1);
            var subscription = stats.List("subscriptions").Should().ContainSingle().Subject;
            subscription.Text("name").Should().Be(billing.Subscription);
            subscription.Number("backlog").Should().Be(1);
            subscription.Number("oldestPendingAgeSeconds").Should().BeGreaterThan(0);
        });
    }
}
