namespace TxMsg.AcceptanceTests.Transactions;

public sealed class When_a_half_message_is_prepared(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task Prepare_IsAnsweredWithTheMessageAndWhereItIs()
    {
        var shop = await RegisterProducerAsync();
        var topic = Unique.Name("orders");

        var reply = await Api.PostAsync("/v1/messages", shop.Message(topic) with { Key = "order-17", Tag = "paid" });

        reply.Expect(201).Header("Location").Should().EndWith($"/v1/messages/{reply.Id}");
        reply.State.Should().Be(MessageStates.Prepared);
        reply.Text("producer").Should().Be(shop.Name);
        reply.Text("topic").Should().Be(topic);
        reply.Text("key").Should().Be("order-17");
        reply.Text("tag").Should().Be("paid");
        reply.Time("preparedAt").Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30));
        reply.Text("decidedAt").Should().BeNull();
        reply.Text("decidedBy").Should().BeNull();
    }

    [Test]
    public async Task Prepare_WithoutAnId_GetsAVersion7Uuid()
    {
        var shop = await RegisterProducerAsync();

        var id = await shop.PrepareAsync(Unique.Name("orders"));

        Guid.Parse(id).Version.Should().Be(7);
    }

    [Test]
    public async Task Prepare_WithAnId_KeepsIt()
    {
        var shop = await RegisterProducerAsync();
        // any UUID will do, not only version 7
        var id = Guid.NewGuid().ToString();

        var prepared = await shop.PrepareAsync(Unique.Name("orders"), message => message with { Id = id });

        prepared.Should().Be(id);
        (await Api.MessageAsync(id)).Expect(200).State.Should().Be(MessageStates.Prepared);
    }

    [Test]
    public async Task Prepare_RepeatedWithTheSameContent_IsTheSameMessage()
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message(Unique.Name("orders")) with { Id = Unique.Id(), Key = "k", Headers = Headers("a", "1") };
        (await Api.PostAsync("/v1/messages", message)).Expect(201);

        var repeated = await Api.PostAsync("/v1/messages", message);

        repeated.Expect(200).Id.Should().Be(message.Id);
        repeated.State.Should().Be(MessageStates.Prepared);
    }

    [Test]
    public async Task Prepare_RepeatedAfterItsVerdict_ShowsTheVerdict()
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message(Unique.Name("orders")) with { Id = Unique.Id() };
        (await Api.PostAsync("/v1/messages", message)).Expect(201);
        (await Api.RollbackAsync(message.Id)).Expect(200);

        (await Api.PostAsync("/v1/messages", message)).Expect(200).State.Should().Be(MessageStates.RolledBack);
    }

    [TestCase("topic")]
    [TestCase("payload")]
    [TestCase("key")]
    [TestCase("tag")]
    [TestCase("orderingKey")]
    [TestCase("headers")]
    [TestCase("contentType")]
    [TestCase("delaySeconds")]
    public async Task Prepare_RepeatedWithOtherContent_IsRefused(string changed)
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message(Unique.Name("orders")) with { Id = Unique.Id() };
        (await Api.PostAsync("/v1/messages", message)).Expect(201);

        var repeated = await Api.PostAsync("/v1/messages", Change(message, changed));

        repeated.Expect(409).ShouldBeAProblem();
        (await Api.MessageAsync(message.Id)).Text("topic").Should().Be(message.Topic);
    }

    [Test]
    public async Task Prepare_ByManyAtOnceWithOneId_StoresItOnce()
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message(Unique.Name("orders")) with { Id = Unique.Id() };

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Api.PostAsync("/v1/messages", message)));

        replies.Count(reply => reply.Status == 201).Should().Be(1);
        replies.Count(reply => reply.Status == 200).Should().Be(19);
    }

    [Test]
    public async Task AHalfMessage_IsNotDelivered()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));

        var undecided = await shop.PrepareAsync(billing.Topic);
        await SendAMarkerAsync(shop, billing);

        billing.Inbox.Of(undecided).Should().BeEmpty();
        (await Api.MessageAsync(undecided)).List("deliveries").Should().BeEmpty();
    }

    private static Dictionary<string, string> Headers(string name, string value) => new() { [name] = value };

    private static NewMessage Change(NewMessage message, string property) => property switch
    {
        "topic" => message with { Topic = Unique.Name("refunds") },
        "payload" => message with { Payload = new { order = 18 } },
        "key" => message with { Key = "another" },
        "tag" => message with { Tag = "another" },
        "orderingKey" => message with { OrderingKey = "another" },
        "headers" => message with { Headers = Headers("another", "1") },
        "contentType" => message with { ContentType = "application/vnd.shop+json" },
        "delaySeconds" => message with { DelaySeconds = 60 },
        _ => throw new ArgumentOutOfRangeException(nameof(property), property, "not a property of a message"),
    };
}
