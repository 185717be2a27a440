namespace TxMsg.AcceptanceTests.CheckBacks;

public sealed class When_a_half_message_is_overdue(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task TheProducer_IsAskedAboutIt()
    {
        var shop = await RegisterProducerAsync();
        var topic = Unique.Name("orders");
        var id = await OverdueAsync(shop, topic);

        var asked = (await shop.CheckBacks.AskedAsync(id))[0];

        asked.Method.Should().Be("POST");
        asked.Header("Content-Type").Should().StartWith("application/json");
        asked.Json.Text("id").Should().Be(id);
        asked.Json.Text("producer").Should().Be(shop.Name);
        asked.Json.Text("topic").Should().Be(topic);
        asked.Json.Text("key").Should().Be("order-17");
        asked.Json.Text("preparedAt").Should().Be((await Api.MessageAsync(id)).Text("preparedAt"));
        asked.Json.Number("attempt").Should().Be(1);
    }

    [Test]
    public async Task TheQuestion_IsSignedWithTheProducersSecret()
    {
        var shop = await RegisterProducerAsync();
        var id = await OverdueAsync(shop);

        var asked = (await shop.CheckBacks.AskedAsync(id))[0];

        asked.Header("webhook-id").Should().Be(id);
        asked.SignedAt().Should().BeCloseTo(asked.At, TimeSpan.FromSeconds(10));
        asked.IsSignedWith(shop.Secret).Should().BeTrue();
    }

    [Test]
    public async Task TheAnswerCommit_CommitsAndDelivers()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        shop.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Commit));

        var id = await OverdueAsync(shop, billing.Topic);

        await billing.Inbox.WaitForAsync(id);
        (await Api.MessageAsync(id)).Text("decidedBy").Should().Be("checkBack");
    }

    [Test]
    public async Task TheAnswerRollback_RollsBack()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        shop.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Rollback));

        var id = await OverdueAsync(shop, billing.Topic);

        await WaitForStateAsync(id, MessageStates.RolledBack);
        await SendAMarkerAsync(shop, billing);
        billing.Inbox.Of(id).Should().BeEmpty();
    }

    [Test]
    public async Task TheAnswerUnknown_IsAskedAgain()
    {
        var shop = await RegisterProducerAsync();
        var id = await OverdueAsync(shop);

        var asked = await shop.CheckBacks.AskedAsync(id, times: 3);

        asked.Take(3).Select(request => request.Json.Number("attempt")).Should().Equal(1, 2, 3);
        (await Api.MessageAsync(id)).State.Should().Be(MessageStates.Prepared);
        shop.CheckBacks.Decide(id, Verdicts.Commit);
        await WaitForStateAsync(id, MessageStates.Committed);
    }

    [Test]
    public async Task AVerdictInTime_SparesTheQuestion()
    {
        var shop = await RegisterProducerAsync();
        var topic = Unique.Name("orders");
        var decided = await shop.SendAsync(topic, message => message with { CheckBackAfterSeconds = 1 });
        var undecided = await OverdueAsync(shop, topic);

        await shop.CheckBacks.AskedAsync(undecided);

        shop.CheckBacks.Inbox.Of(decided).Should().BeEmpty();
    }

    [Test]
    public async Task AVerdictDuringTheQuestion_Wins()
    {
        var shop = await RegisterProducerAsync();
        var decided = new TaskCompletionSource();
        var id = Unique.Id();
        shop.CheckBacks.AnswerFor(id, Answer.Verdict(Verdicts.Rollback) with { Gate = decided.Task });
        await shop.PrepareAsync("orders", message => message with { Id = id, CheckBackAfterSeconds = 1 });
        await shop.CheckBacks.AskedAsync(id);

        (await Api.CommitAsync(id)).Expect(200);
        decided.SetResult();

        // a later question that was answered shows that the late answer had its chance
        var later = await OverdueAsync(shop);
        shop.CheckBacks.Decide(later, Verdicts.Commit);
        await WaitForStateAsync(later, MessageStates.Committed);
        (await Api.MessageAsync(id)).State.Should().Be(MessageStates.Committed);
    }

    [Test]
    public async Task TheProducersOwnTime_IsTheDefaultOfItsMessages()
    {
        var shop = await RegisterProducerAsync(producer => producer with { CheckBackAfterSeconds = 1 });

        var id = await shop.PrepareAsync(Unique.Name("orders"));

        await shop.CheckBacks.AskedAsync(id);
    }

    [Test]
    public async Task ABacklog_IsWorkedOffAtTheProducersSpeed()
    {
        var shop = await RegisterProducerAsync();
        shop.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Commit));
        for (var batch = 0; batch < 3; batch++)
        {
            var rows = Enumerable.Repeat(shop.Message("backlog") with { CheckBackAfterSeconds = 1 }, 1000);
            (await Api.PostAsync("/v1/messages/batch", new { messages = rows })).Expect(200);
        }

        // one question at a time, or one batch a sweep, would take far longer
        await Eventually.ReadAsync(
            () => Api.GetAsync($"/v1/messages?producer={shop.Name}&state=prepared"),
            waiting => waiting.Items.Count == 0,
            "3,000 overdue messages to be decided");
    }

    private static Task<string> OverdueAsync(Producer producer, string? topic = null) => producer.PrepareAsync(
        topic ?? Unique.Name("orders"), message => message with { Key = "order-17", CheckBackAfterSeconds = 1 });
}
