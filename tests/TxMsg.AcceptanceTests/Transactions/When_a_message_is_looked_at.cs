namespace TxMsg.AcceptanceTests.Transactions;

public sealed class When_a_message_is_looked_at(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task AHalfMessage_ShowsWhatWasSentAndWhenItIsAskedFor()
    {
        var shop = await RegisterProducerAsync();
        var topic = Unique.Name("orders");
        var id = await shop.PrepareAsync(topic, message => message with
        {
            Key = "order-17", Tag = "paid", OrderingKey = "customer-4", DelaySeconds = 5, CheckBackAfterSeconds = 600,
            Headers = new Dictionary<string, string> { ["region"] = "eu" },
        });

        var message = (await Api.MessageAsync(id)).Expect(200);

        message.Id.Should().Be(id);
        message.State.Should().Be(MessageStates.Prepared);
        message.Text("orderingKey").Should().Be("customer-4");
        message.Json.Number("delaySeconds").Should().Be(5);
        message.Json.Object("headers").Text("region").Should().Be("eu");
        message.Text("contentType").Should().Be("application/json");
        message.Time("nextCheckBackAt").Should().BeCloseTo(message.Time("preparedAt").AddSeconds(600), TimeSpan.FromSeconds(1));
        message.Json.Number("checkBacks").Should().Be(0);
        message.List("deliveries").Should().BeEmpty();
    }

    [Test]
    public async Task ADeliveredMessage_ShowsItsDeliveries()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var stock = await SubscribeAsync(billing.Topic);
        stock.Inbox.AnswerInTurn(new Answer(500), Answer.Ok);
        var id = await shop.SendAsync(billing.Topic);

        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        var message = await WaitForDeliveryAsync(id, stock, DeliveryStates.Delivered);

        message.List("deliveries").Should().HaveCount(2);
        message.Delivery(billing.Subscription).Number("attempts").Should().Be(1);
        message.Delivery(billing.Subscription).Number("lastStatus").Should().Be(200);
        message.Delivery(billing.Subscription).Text("deliveredAt").Should().NotBeNull();
        message.Delivery(billing.Subscription).Text("nextAttemptAt").Should().BeNull();
        message.Delivery(stock.Subscription).Number("attempts").Should().Be(2);
    }

    [Test]
    public async Task TheTimeline_TellsTheWholeStoryInOrder()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        billing.Inbox.AnswerInTurn(new Answer(503), Answer.Ok);
        var id = await shop.PrepareAsync(billing.Topic, message => message with { CheckBackAfterSeconds = 1 });
        await shop.CheckBacks.AskedAsync(id);
        shop.CheckBacks.Decide(id, Verdicts.Commit);
        await WaitForStateAsync(id, MessageStates.Committed);
        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);

        var timeline = await Api.TimelineAsync(id);

        timeline.Events.Select(entry => entry.Text("at")).Should().BeInAscendingOrder();
        timeline.Kinds[0].Should().Be(Timeline.Prepared);
        var asked = timeline.Of(Timeline.CheckBack)[0];
        asked.Text("url").Should().Be(shop.CheckBacks.Inbox.Url.ToString());
        asked.Number("status").Should().Be(200);
        asked.Text("answer").Should().Be(Verdicts.Unknown);
        asked.Number("latencySeconds").Should().BeInRange(0, 30);
        var verdict = timeline.Of(Timeline.Committed).Should().ContainSingle().Subject;
        verdict.Text("by").Should().Be("checkBack");
        var attempts = timeline.Of(Timeline.Attempt);
        attempts.Should().HaveCount(2).And.OnlyContain(attempt => attempt.Text("subscription") == billing.Subscription);
        attempts.Select(attempt => attempt.Number("status")).Should().Equal(503, 200);
        attempts.Select(attempt => attempt.Number("attempt")).Should().Equal(1, 2);
    }
}
