namespace TxMsg.AcceptanceTests.Transactions;

public sealed class When_a_producer_decides(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task Commit_DeliversTheMessage()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var id = await shop.PrepareAsync(billing.Topic);

        var reply = await Api.CommitAsync(id);

        reply.Expect(200).State.Should().Be(MessageStates.Committed);
        reply.Time("decidedAt").Should().BeOnOrAfter(reply.Time("preparedAt"));
        reply.Text("decidedBy").Should().Be("producer");
        reply.Text("nextCheckBackAt").Should().BeNull();
        await billing.Inbox.WaitForAsync(id);
        (await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered)).State.Should().Be(MessageStates.Committed);
    }

    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("text/plain; charset=utf-8")]
    public async Task Commit_WithNoBytesOfAnyType_IsTaken(string type)
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync(Unique.Name("orders"));

        var reply = await Api.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/v1/messages/{id}/commit")
        {
            Content = new ByteArrayContent([]) { Headers = { ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type) } },
        });

        reply.Expect(200).State.Should().Be(MessageStates.Committed);
    }

    [Test]
    public async Task Rollback_DeliversNothing()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var id = await shop.PrepareAsync(billing.Topic);

        (await Api.RollbackAsync(id)).Expect(200).State.Should().Be(MessageStates.RolledBack);

        await SendAMarkerAsync(shop, billing);
        billing.Inbox.Of(id).Should().BeEmpty();
        (await Api.MessageAsync(id)).List("deliveries").Should().BeEmpty();
    }

    [Test]
    public async Task Commit_Repeated_SucceedsAndChangesNothing()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var id = await shop.SendAsync(billing.Topic);
        var first = await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);

        var repeated = (await Api.CommitAsync(id)).Expect(200);

        repeated.Text("decidedAt").Should().Be(first.Text("decidedAt"));
        await SendAMarkerAsync(shop, billing);
        billing.Inbox.Of(id).Should().ContainSingle();
    }

    [Test]
    public async Task Rollback_Repeated_SucceedsAndChangesNothing()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync(Unique.Name("orders"));
        var first = (await Api.RollbackAsync(id)).Expect(200);

        var repeated = (await Api.RollbackAsync(id)).Expect(200);

        repeated.Text("decidedAt").Should().Be(first.Text("decidedAt"));
    }

    [Test]
    public async Task Commit_AfterRollback_IsRefusedWithTheRecordedVerdict()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync(Unique.Name("orders"));
        (await Api.RollbackAsync(id)).Expect(200);

        var reply = await Api.CommitAsync(id);

        reply.Expect(409).ShouldBeAProblem();
        reply.Text("verdict").Should().Be(Verdicts.Rollback);
        (await Api.MessageAsync(id)).State.Should().Be(MessageStates.RolledBack);
    }

    [Test]
    public async Task Rollback_AfterCommit_IsRefusedWithTheRecordedVerdict()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.SendAsync(Unique.Name("orders"));

        var reply = await Api.RollbackAsync(id);

        reply.Expect(409).ShouldBeAProblem();
        reply.Text("verdict").Should().Be(Verdicts.Commit);
        (await Api.MessageAsync(id)).State.Should().Be(MessageStates.Committed);
    }

    [Test]
    public async Task CommitsAndRollbacks_AtTheSameTime_AgreeOnOneVerdict()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync(Unique.Name("orders"));

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            async i => (Wanted: i % 2 == 0 ? MessageStates.Committed : MessageStates.RolledBack,
                Reply: i % 2 == 0 ? await Api.CommitAsync(id) : await Api.RollbackAsync(id))));

        var recorded = (await Api.MessageAsync(id)).State;
        var verdict = recorded == MessageStates.Committed ? Verdicts.Commit : Verdicts.Rollback;
        replies.Where(pair => pair.Wanted == recorded).Should().OnlyContain(pair => pair.Reply.Status == 200);
        replies.Where(pair => pair.Wanted != recorded).Should()
            .OnlyContain(pair => pair.Reply.Status == 409 && pair.Reply.Text("verdict") == verdict);
    }

    [TestCase("commit")]
    [TestCase("rollback")]
    public async Task AVerdict_OnAMessageNobodySent_IsNotFound(string verdict)
    {
        var reply = await Api.PostAsync($"/v1/messages/{Unique.Id()}/{verdict}");

        reply.Expect(404).ShouldBeAProblem();
    }

    [Test]
    public async Task AVerdict_WithAReason_KeepsItInTheTimeline()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync(Unique.Name("orders"));

        (await Api.RollbackAsync(id, "the card was refused")).Expect(200);

        // on loopback nobody says who they are: it is a person that gives a reason
        (await Api.MessageAsync(id)).Text("decidedBy").Should().Be("operator");
        (await Api.TimelineAsync(id)).ToString().Should().Contain("the card was refused");
    }
}
