namespace TxMsg.AcceptanceTests.BulkActions;

public sealed class When_many_messages_are_acted_on(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task ARedelivery_IsAccepted_WorkedOff_AndTold()
    {
        var dead = await DieAsync(7);
        dead.Consumer.Inbox.AnswerWith(Answer.Ok);
        var filter = new { subscription = dead.Consumer.Subscription };
        var count = (await Api.PostAsync("/v1/bulk-actions/count", new { kind = "redeliver", filter })).Expect(200);
        count.Json.Number("count").Should().Be(7);
        count.Json["isExact"]!.GetValue<bool>().Should().BeTrue();

        var accepted = await Api.StartBulkAsync("redeliver", filter);

        accepted.Header("Location").Should().Be($"/v1/bulk-actions/{accepted.Id}");
        accepted.Json.Object("filter").Text("subscription").Should().Be(dead.Consumer.Subscription);
        accepted.Json.Number("total").Should().Be(7);
        accepted.Json.Number("perSecond").Should().Be(50);
        accepted.Text("actor").Should().Be("loopback");
        (await Api.FinishBulkAsync(accepted.Id)).Should().Be((7, 0, 0));
        foreach (var id in dead.Ids) await WaitForDeliveryAsync(id, dead.Consumer, DeliveryStates.Delivered);
        (await Api.GetAsync("/v1/bulk-actions?limit=100")).Expect(200).Items.Select(item => item.Text("id")).Should().Contain(accepted.Id);
    }

    [Test]
    public async Task TheRate_IsKept()
    {
        const int perSecond = 20;
        var dead = await DieAsync(60);
        dead.Consumer.Inbox.AnswerWith(Answer.Ok);
        var id = (await Api.StartBulkAsync("redeliver", new { subscription = dead.Consumer.Subscription }, perSecond)).Id;

        (await Api.FinishBulkAsync(id)).Should().Be((60, 0, 0));

        var times = await Api.RedeliveriesAsync(dead.Ids);
        // Two windows that touch share no batch; the store keeps milliseconds.
        foreach (var start in times)
            times.Count(at => at >= start && at < start + TimeSpan.FromMilliseconds(990)).Should().BeLessThanOrEqualTo(perSecond);
        (times.Max() - times.Min()).Should().BeGreaterThan(TimeSpan.FromSeconds(2.7));
    }

    [Test]
    public async Task AGroup_IsRedeliveredAlone()
    {
        var dead = await DieAsync(10, turn => turn % 2 == 0 ? new Answer(422) { Body = $"order {turn} is unknown" } : new Answer(422) { Body = "closed" });
        var groups = (await Api.GetAsync($"/v1/dead-letters/groups?subscription={dead.Consumer.Subscription}")).Expect(200);
        groups.Items.Should().HaveCount(2).And.OnlyContain(group => group.Number("count") == 5 && group.Number("lastStatus") == 422);
        groups.Json["isComplete"]!.GetValue<bool>().Should().BeTrue();
        groups.List("subscriptions").Single().Number("count").Should().Be(10);
        var error = groups.Items.Select(group => group.Text("error")!).Single(text => text.Contains("unknown", StringComparison.Ordinal));
        error.Should().Be("the receiver answered 422: order # is unknown");
        var listed = (await Api.GetAsync($"/v1/dead-letters?subscription={dead.Consumer.Subscription}&status=422&error={Uri.EscapeDataString(error)}")).Expect(200);
        listed.Items.Should().HaveCount(5).And.OnlyContain(item => item.Text("lastError")!.Contains("unknown"));

        var id = (await Api.StartBulkAsync("discard", new { subscription = dead.Consumer.Subscription, error, lastStatus = 422 })).Id;

        (await Api.FinishBulkAsync(id)).Should().Be((5, 0, 0));
        (await Api.DeadLettersAsync(dead.Consumer.Subscription)).Items.Should().HaveCount(5).And.OnlyContain(item => item.Text("lastError")!.Contains("closed"));
    }

    [Test]
    public async Task ACancelledOne_DoesNoMore()
    {
        var dead = await DieAsync(30);
        var id = (await Api.StartBulkAsync("discard", new { subscription = dead.Consumer.Subscription }, perSecond: 5)).Id;
        await Api.WaitForBulkAsync(id, action => action.Json.Number("done") >= 2, "be under way");

        var cancelled = (await Api.PostAsync($"/v1/bulk-actions/{id}/cancel", new { reason = "wrong" })).Expect(200);

        cancelled.State.Should().Be("cancelled");
        (await Api.PostAsync($"/v1/bulk-actions/{id}/cancel")).Expect(200).State.Should().Be("cancelled");
        // Another one, asked for later, works off what the cancelled one left: so that one had its chance.
        var rest = (await Api.StartBulkAsync("discard", new { subscription = dead.Consumer.Subscription })).Id;
        var (done, skipped, _) = await Api.FinishBulkAsync(rest);
        done.Should().BeGreaterThan(20);
        ((await Api.BulkActionAsync(id)).Json.Number("done") + done).Should().Be(30);
        skipped.Should().BeLessThanOrEqualTo(1, "at most the one that was under way was met");
        (await Api.PostAsync($"/v1/bulk-actions/{rest}/cancel")).Expect(409).ShouldBeAProblem();
    }

    [Test]
    public async Task UndecidedMessages_AreAskedAbout_CommittedAndRolledBack()
    {
        var shop = await RegisterProducerAsync();
        var topic = Unique.Name("orders");
        var billing = await SubscribeAsync(topic);
        var overdue = new List<string>();
        for (var i = 0; i < 4; i++) overdue.Add(await shop.PrepareAsync(topic, message => message with { CheckBackAfterSeconds = 1 }));
        var young = await shop.PrepareAsync(topic);
        foreach (var id in overdue) await shop.CheckBacks.AskedAsync(id);
        await Eventually.HoldsAsync(async () => (await UndecidedAsync(shop)).Number("pastFirstCheck").Should().Be(4));
        (await UndecidedAsync(shop)).Number("prepared").Should().Be(5);
        var listed = (await Api.GetAsync($"/v1/undecided/messages?producer={shop.Name}&pastFirstCheck=true")).Expect(200);
        listed.Items.Select(item => item.Text("id")).Should().Equal(overdue);

        shop.CheckBacks.Decide(overdue[0], Verdicts.Commit);
        await Api.FinishBulkAsync((await Api.StartBulkAsync("checkBack", new { messageIds = new[] { overdue[0] } })).Id);
        await WaitForStateAsync(overdue[0], MessageStates.Committed);
        await Api.FinishBulkAsync((await Api.StartBulkAsync("rollback", new { messageIds = new[] { overdue[1] } })).Id);
        (await Api.FinishBulkAsync((await Api.StartBulkAsync("commit", new { producer = shop.Name, topic, state = "prepared" })).Id)).Should().Be((2, 0, 0));

        (await Api.MessageAsync(overdue[1])).State.Should().Be(MessageStates.RolledBack);
        foreach (var id in overdue.Skip(2)) (await Api.MessageAsync(id)).Json.Text("decidedBy").Should().Be("operator");
        (await Api.MessageAsync(young)).State.Should().Be(MessageStates.Prepared);
        await billing.Inbox.WaitForAllAsync([overdue[0], overdue[2], overdue[3]]);
        billing.Inbox.Of(overdue[1]).Should().BeEmpty();
    }

    [TestCase("""{"kind":"explode","filter":{},"reason":"r"}""", "kind")]
    [TestCase("""{"kind":"redeliver","filter":{},"reason":"r"}""", "filter.subscription")]
    [TestCase("""{"kind":"redeliver","filter":{"subscription":"nobody"},"reason":"r"}""", "filter.subscription")]
    [TestCase("""{"kind":"redeliver","filter":{"subscription":"x","colour":"red"},"reason":"r"}""", "filter.colour")]
    [TestCase("""{"kind":"redeliver","filter":{"subscription":7},"reason":"r"}""", "filter.subscription")]
    [TestCase("""{"kind":"commit","filter":{"messageIds":["nonsense"]},"reason":"r"}""", "filter.messageIds[0]")]
    [TestCase("""{"kind":"commit","filter":{"producer":"nobody"},"reason":"r"}""", "filter.producer")]
    [TestCase("""{"kind":"commit","filter":{},"reason":"r"}""", "filter")]
    [TestCase("""{"kind":"checkBack","filter":{}}""", "reason")]
    [TestCase("""{"kind":"checkBack","filter":{},"reason":"r","perSecond":0}""", "perSecond")]
    [TestCase("""{"kind":"checkBack","reason":"r"}""", "filter")]
    [TestCase("""{"filter":{},"reason":"r"}""", "kind")]
    public async Task AWrongOne_IsRefusedByItsField(string body, string field) => (await Api.PostAsync("/v1/bulk-actions", body)).ShouldBeInvalid(field);

    [Test]
    public async Task OneThatNobodyAskedFor_IsNotFound()
    {
        (await Api.GetAsync($"/v1/bulk-actions/{Unique.Id()}")).Expect(404).ShouldBeAProblem();
        (await Api.PostAsync("/v1/bulk-actions/nonsense/cancel")).Expect(404).ShouldBeAProblem();
        (await Api.GetAsync("/v1/bulk-actions?limit=0")).ShouldBeInvalid("limit");
        (await Api.GetAsync("/v1/bulk-actions?cursor=nonsense")).ShouldBeInvalid("cursor");
        (await Api.GetAsync("/v1/undecided/messages?state=committed")).ShouldBeInvalid("state");
        (await Api.GetAsync("/v1/undecided/messages?colour=red")).ShouldBeInvalid("colour");
        (await Api.GetAsync("/v1/dead-letters/groups?subscription=nobody")).ShouldBeInvalid("subscription");
        (await Api.GetAsync("/v1/dead-letters?status=many")).ShouldBeInvalid("status");
    }

    private async Task<System.Text.Json.Nodes.JsonObject> UndecidedAsync(Producer shop) =>
        (await Api.GetAsync("/v1/undecided")).Expect(200).Items.Single(item => item.Text("producer") == shop.Name);

    private async Task<DeadConsumer> DieAsync(int count, Func<int, Answer>? answer = null) =>
        await DeadConsumer.MakeAsync(Api, await RegisterProducerAsync(), await SubscribeAsync(Unique.Name("orders")), count, answer);
}
