namespace TxMsg.AcceptanceTests.Transactions;

public sealed class When_an_ordinary_message_is_sent(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task Send_IsCommittedAndDeliveredAtOnce()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));

        var reply = await Api.PostAsync("/v1/messages", Ordinary(shop, billing.Topic));

        reply.Expect(201).State.Should().Be(MessageStates.Committed);
        reply.Text("decidedAt").Should().NotBeNull();
        await billing.Inbox.WaitForAsync(reply.Id);
    }

    [Test]
    public async Task Send_RepeatedWithTheSameId_IsDeliveredOnce()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var message = Ordinary(shop, billing.Topic) with { Id = Unique.Id() };
        (await Api.PostAsync("/v1/messages", message)).Expect(201);

        (await Api.PostAsync("/v1/messages", message)).Expect(200).State.Should().Be(MessageStates.Committed);

        await SendAMarkerAsync(shop, billing);
        billing.Inbox.Of(message.Id).Should().ContainSingle();
    }

    [Test]
    public async Task Rollback_OfAnOrdinaryMessage_IsRefused()
    {
        var shop = await RegisterProducerAsync();
        var sent = (await Api.PostAsync("/v1/messages", Ordinary(shop, Unique.Name("orders")))).Expect(201);

        (await Api.RollbackAsync(sent.Id)).Expect(409).Text("verdict").Should().Be(Verdicts.Commit);
    }

    [Test]
    public async Task Send_OfWhatIsAHalfMessageAlready_CommitsIt()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var (one, other) = (shop.Message(billing.Topic) with { Id = Unique.Id() }, shop.Message(billing.Topic) with { Id = Unique.Id() });
        (await Api.PostAsync("/v1/messages/batch", new { messages = new[] { one, other } })).Expect(200);

        var alone = await Api.PostAsync("/v1/messages", one with { Verdict = Verdicts.Commit });
        var batched = await Api.PostAsync("/v1/messages/batch", new { messages = new[] { other with { Verdict = Verdicts.Commit } } });

        alone.Expect(200).State.Should().Be(MessageStates.Committed);
        batched.Expect(200).List("results")[0].Text("state").Should().Be(MessageStates.Committed);
        await billing.Inbox.WaitForAllAsync([one.Id, other.Id]);
    }

    [Test]
    public async Task Send_OfWhatWasRolledBack_IsRefusedWithThatVerdict()
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message(Unique.Name("orders")) with { Id = Unique.Id() };
        (await Api.PostAsync("/v1/messages", message)).Expect(201);
        (await Api.RollbackAsync(message.Id)).Expect(200);

        var alone = await Api.PostAsync("/v1/messages", message with { Verdict = Verdicts.Commit });
        var batched = await Api.PostAsync("/v1/messages/batch", new { messages = new[] { message with { Verdict = Verdicts.Commit } } });

        alone.Expect(409).Text("verdict").Should().Be(Verdicts.Rollback);
        var result = batched.Expect(200).List("results")[0];
        result.Number("status").Should().Be(409);
        result.Text("state").Should().Be(MessageStates.RolledBack);
    }

    [TestCase("rollback")]
    [TestCase("unknown")]
    [TestCase("Commit!")]
    public async Task Send_WithAnyOtherVerdict_IsRefused(string verdict)
    {
        var shop = await RegisterProducerAsync();

        var reply = await Api.PostAsync("/v1/messages", shop.Message(Unique.Name("orders")) with { Verdict = verdict });

        reply.ShouldBeInvalid("verdict");
    }

    private static NewMessage Ordinary(Producer producer, string topic) =>
        producer.Message(topic) with { Verdict = Verdicts.Commit };
}
