using System.Text.Json.Nodes;

namespace TxMsg.AcceptanceTests.DeadLetters;

public sealed class When_deliveries_are_dead_letters(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task TheyAreListed_WithWhatWentWrong()
    {
        var (billing, ids) = await DieAsync(1);

        var item = (await Api.DeadLettersAsync(billing.Subscription)).Expect(200).Items.Should().ContainSingle().Subject;

        item.Text("messageId").Should().Be(ids[0]);
        item.Text("subscription").Should().Be(billing.Subscription);
        item.Text("topic").Should().Be(billing.Topic);
        item.Number("attempts").Should().Be(1);
        item.Number("lastStatus").Should().Be(422);
        item.Text("lastError").Should().NotBeNullOrEmpty();
        item.Text("deadLetteredAt").Should().NotBeNullOrEmpty();
    }

    [Test]
    public async Task ThePages_ShowEachOnce()
    {
        var (billing, ids) = await DieAsync(5);

        var found = new List<JsonObject>();
        var cursor = "";
        do
        {
            var page = (await Api.GetAsync($"/v1/dead-letters?subscription={billing.Subscription}&limit=2{cursor}")).Expect(200);
            page.Items.Should().HaveCountLessThanOrEqualTo(2);
            found.AddRange(page.Items);
            cursor = page.NextCursor is null ? "" : "&cursor=" + Uri.EscapeDataString(page.NextCursor);
        }
        while (cursor != "");

        found.Select(item => item.Text("messageId")).Should().OnlyHaveUniqueItems().And.BeEquivalentTo(ids);
    }

    [Test]
    public async Task Redeliver_OfSomeIds_SendsThoseAgain()
    {
        var (billing, ids) = await DieAsync(3);
        billing.Inbox.AnswerWith(Answer.Ok);

        var reply = await ActAsync("redeliver", billing, ids.Take(2));

        reply.Expect(200).Json.Number("count").Should().Be(2);
        await WaitForDeliveryAsync(ids[0], billing, DeliveryStates.Delivered);
        await WaitForDeliveryAsync(ids[1], billing, DeliveryStates.Delivered);
        (await Api.DeadLettersAsync(billing.Subscription)).Items.Should().ContainSingle()
            .Which.Text("messageId").Should().Be(ids[2]);
    }

    [Test]
    public async Task Redeliver_WithoutIds_SendsAllAgain()
    {
        var (billing, ids) = await DieAsync(4);
        billing.Inbox.AnswerWith(Answer.Ok);

        (await ActAsync("redeliver", billing)).Expect(200).Json.Number("count").Should().Be(4);

        foreach (var id in ids)
        {
            await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        }

        (await Api.DeadLettersAsync(billing.Subscription)).Items.Should().BeEmpty();
    }

    [Test]
    public async Task Redeliver_ThatFailsAgain_IsADeadLetterAgain()
    {
        var (billing, ids) = await DieAsync(1);

        (await ActAsync("redeliver", billing)).Expect(200);

        await billing.Inbox.WaitForAsync(ids[0], 2);
        await WaitForDeliveryAsync(ids[0], billing, DeliveryStates.DeadLettered);
    }

    [Test]
    public async Task Redeliver_StartsTheScheduleAnew()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { RetryScheduleSeconds = [1] });
        billing.Inbox.AnswerInTurn(new Answer(500), new Answer(500), new Answer(500), Answer.Ok);
        var id = await shop.SendAsync(billing.Topic);
        await WaitForDeliveryAsync(id, billing, DeliveryStates.DeadLettered);

        (await ActAsync("redeliver", billing, [id])).Expect(200);

        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        billing.Inbox.Of(id).Should().HaveCount(4);
    }

    [Test]
    public async Task Discard_GivesThemUp()
    {
        var (billing, ids) = await DieAsync(2);

        var reply = await Api.PostAsync(
            "/v1/dead-letters/discard", new { subscription = billing.Subscription, messageIds = new[] { ids[0] }, reason = "test orders" });

        reply.Expect(200).Json.Number("count").Should().Be(1);
        await WaitForDeliveryAsync(ids[0], billing, DeliveryStates.Discarded);
        (await Api.DeadLettersAsync(billing.Subscription)).Items.Should().ContainSingle();
        (await Api.TimelineAsync(ids[0])).Of(Timeline.OperatorAction).Should().Contain(action => action.Text("reason") == "test orders");
        (await ActAsync("redeliver", billing, [ids[0]])).Expect(200).Json.Number("count").Should().Be(0);
    }

    [Test]
    public async Task ActingOnWhatIsNoDeadLetter_CountsNothing()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var id = await shop.SendAsync(billing.Topic);
        await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);

        (await ActAsync("redeliver", billing, [id, Unique.Id()])).Expect(200).Json.Number("count").Should().Be(0);
        (await ActAsync("discard", billing)).Expect(200).Json.Number("count").Should().Be(0);
    }

    private Task<Reply> ActAsync(string action, Consumer consumer, IEnumerable<string>? messageIds = null) => messageIds is null
        ? Api.PostAsync($"/v1/dead-letters/{action}", new { subscription = consumer.Subscription })
        : Api.PostAsync($"/v1/dead-letters/{action}", new { subscription = consumer.Subscription, messageIds });

    /// <summary>Messages whose consumer rejected them.</summary>
    private async Task<(Consumer Billing, IReadOnlyList<string> Ids)> DieAsync(int count)
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        billing.Inbox.AnswerWith(new Answer(422));
        var ids = await shop.SendManyAsync(billing.Topic, count);
        foreach (var id in ids)
        {
            await WaitForDeliveryAsync(id, billing, DeliveryStates.DeadLettered);
        }

        return (billing, ids);
    }
}
