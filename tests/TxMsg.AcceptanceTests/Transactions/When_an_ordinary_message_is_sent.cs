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
