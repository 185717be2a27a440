namespace TxMsg.AcceptanceTests.Transactions;

public sealed class When_messages_come_in_a_batch(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task GoodAndBadRows_AreJudgedAloneAndAnsweredInOrder()
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message(Unique.Name("orders"));
        var taken = await shop.PrepareAsync(message.Topic, known => known with { Id = Unique.Id() });
        object[] rows =
        [
            message with { Id = Unique.Id() },
            message with { Producer = "nobody-knows-me", Id = Unique.Id() },
            message with { Id = Unique.Id(), Verdict = Verdicts.Commit },
            message with { Id = taken, Key = "other content" },
            message with { Id = taken },
            new { producer = shop.Name, topic = message.Topic, payload = 1, colour = "red" },
            new { producer = shop.Name, payload = 1 },
            message,
            new { producer = shop.Name, topic = message.Topic, payloadBase64 = (string?)null },
        ];

        var results = (await Api.PostAsync("/v1/messages/batch", new { messages = rows })).Expect(200).List("results");

        results.Select(result => result.Number("status")).Should().Equal(201, 400, 201, 409, 200, 400, 400, 201, 400);
        results.Where(result => result.Number("status") >= 400).Should().OnlyContain(result => result["problem"] != null);
        results[0].Text("id").Should().Be(((NewMessage)rows[0]).Id);
        results[0].Text("state").Should().Be(MessageStates.Prepared);
        results[1].Text("id").Should().Be(((NewMessage)rows[1]).Id, "who is refused wants to know what");
        results[2].Text("state").Should().Be(MessageStates.Committed);
        results[5].Object("problem").ToJsonString().Should().Contain("colour");
        results[6].Object("problem").ToJsonString().Should().Contain("topic");
        Guid.Parse(results[7].Text("id")!).Version.Should().Be(7);
    }

    [Test]
    public async Task EveryGoodRow_IsStored()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var rows = Enumerable.Range(0, 1000).Select(_ => shop.Message(billing.Topic) with { Id = Unique.Id() }).ToArray();
        var verdicts = rows.Select(row => new { id = row.Id, verdict = Verdicts.Commit });

        var prepared = await Api.PostAsync("/v1/messages/batch", new { messages = rows });
        var committed = await Api.PostAsync("/v1/verdicts", new { verdicts });

        prepared.Expect(200).List("results").Should().HaveCount(1000).And.OnlyContain(result => result.Number("status") == 201);
        committed.Expect(200).List("results").Should().OnlyContain(result => result.Text("state") == MessageStates.Committed);
        await billing.Inbox.WaitForAllAsync([.. rows.Select(row => row.Id!)]);
    }

    [Test]
    public async Task ABatchOfOrdinaryMessages_IsDelivered()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var rows = Enumerable.Range(0, 20)
            .Select(_ => shop.Message(billing.Topic) with { Id = Unique.Id(), Verdict = Verdicts.Commit }).ToArray();

        (await Api.PostAsync("/v1/messages/batch", new { messages = rows })).Expect(200);

        await billing.Inbox.WaitForAllAsync([.. rows.Select(row => row.Id!)]);
    }

    [Test]
    public async Task TheSameIdTwiceInOneBatch_IsOneMessage()
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message(Unique.Name("orders")) with { Id = Unique.Id() };

        var results = (await Api.PostAsync("/v1/messages/batch", new { messages = new[] { message, message, message with { Key = "x" } } }))
            .Expect(200).List("results");

        results.Select(result => result.Number("status")).Should().Equal(201, 200, 409);
    }

    [Test]
    public async Task ARowWithTooLargeAPayload_FailsAlone()
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message(Unique.Name("orders"));
        var large = message with { Payload = new string('x', 300_000) };

        var results = (await Api.PostAsync("/v1/messages/batch", new { messages = new[] { message, large, message } }))
            .Expect(200).List("results");

        results.Select(result => result.Number("status")).Should().Equal(201, 413, 201);
    }

    [Test]
    public async Task MoreThan1000Rows_AreRefusedAsAWhole()
    {
        var shop = await RegisterProducerAsync();
        var rows = Enumerable.Repeat(shop.Message(Unique.Name("orders")), 1001);

        var reply = await Api.PostAsync("/v1/messages/batch", new { messages = rows });

        reply.ShouldBeInvalid("messages");
        (await Api.GetAsync($"/v1/messages?producer={shop.Name}")).Items.Should().BeEmpty();
    }
}
