using System.Globalization;

namespace TxMsg.AcceptanceTests.Deliveries;

public sealed class When_a_message_is_delivered(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task TheRequest_IsACloudEventInBinaryMode()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));

        var id = await shop.SendAsync(billing.Topic, message => message with { Key = "order-17", Tag = "paid", OrderingKey = "customer-4" });

        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        delivered.Method.Should().Be("POST");
        delivered.Header("ce-specversion").Should().Be("1.0");
        delivered.Header("ce-id").Should().Be(id);
        delivered.Header("ce-source").Should().Be($"/producers/{shop.Name}");
        delivered.Header("ce-type").Should().Be(billing.Topic);
        delivered.Header("ce-subject").Should().Be("order-17");
        delivered.Header("ce-partitionkey").Should().Be("customer-4");
        delivered.Header("ce-txmsgtag").Should().Be("paid");
        delivered.Header("ce-txmsgattempt").Should().Be("1");
        delivered.Header("ce-txmsgsubscription").Should().Be(billing.Subscription);
        var commit = (await Api.MessageAsync(id)).Time("decidedAt");
        DateTimeOffset.Parse(delivered.Header("ce-time")!, CultureInfo.InvariantCulture).Should().BeCloseTo(commit, TimeSpan.FromMilliseconds(1));
        delivered.Header("ce-time").Should().EndWith("Z");
    }

    [Test]
    public async Task WhatTheMessageDoesNotHave_IsLeftOut()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));

        var id = await shop.SendAsync(billing.Topic);

        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        delivered.Headers.Keys.Should().NotContain(["ce-subject", "ce-partitionkey", "ce-txmsgtag"]);
    }

    [Test]
    public async Task TheRequest_IsSignedWithTheSubscriptionsSecret()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));

        var id = await shop.SendAsync(billing.Topic);

        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        delivered.Header("webhook-id").Should().Be(id);
        delivered.SignedAt().Should().BeCloseTo(delivered.At, TimeSpan.FromSeconds(10));
        delivered.Signatures().Should().ContainSingle();
        delivered.IsSignedWith(billing.Secret).Should().BeTrue();
        delivered.IsSignedWith(shop.Secret).Should().BeFalse();
    }

    [Test]
    public async Task TheMessagesOwnHeaders_AreCarriedUnderAPrefix()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var headers = new Dictionary<string, string> { ["region"] = "eu-west", ["webhook-id"] = "forged", ["host"] = "elsewhere" };

        var id = await shop.SendAsync(billing.Topic, message => message with { Headers = headers });

        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        delivered.Header("txmsg-h-region").Should().Be("eu-west");
        delivered.Header("txmsg-h-webhook-id").Should().Be("forged");
        delivered.Header("webhook-id").Should().Be(id, "a message's own header never overwrites another");
        delivered.Header("host").Should().Be(billing.Inbox.Url.Authority);
    }

    [Test]
    public async Task WhatAHeaderCannotCarry_IsPercentEncodedAsCloudEventsPrescribes()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));

        var id = await shop.SendAsync(billing.Topic, message => message with { Key = "Größe 50%" });

        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        Uri.UnescapeDataString(delivered.Header("ce-subject")!).Should().Be("Größe 50%");
        delivered.Header("ce-subject").Should().MatchRegex("^[\\x21-\\x7e]+$");
    }

    [Test]
    public async Task TheProducersTrace_IsContinued()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        const string span = "00f067aa0ba902b7";
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { producer = shop.Name, topic = billing.Topic, payload = 1 }),
        };
        request.Headers.Add("traceparent", $"00-{trace}-{span}-01");
        request.Headers.Add("baggage", "secret=1");

        var id = (await Api.SendAsync(request)).Expect(201).Id;
        (await Api.CommitAsync(id)).Expect(200);

        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        delivered.Header("traceparent").Should().MatchRegex($"^00-{trace}-[0-9a-f]{{16}}-0[0-9a-f]$").And.NotContain(span);
        delivered.Headers.Keys.Should().NotContain("baggage", "what is not asked for is not passed on to others");
    }

    [Test]
    public async Task EverySubscriptionOfTheTopic_GetsIt()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var stock = await SubscribeAsync(billing.Topic);
        var elsewhere = await SubscribeAsync(Unique.Name("refunds"));

        var id = await shop.SendAsync(billing.Topic);

        await billing.Inbox.WaitForAsync(id);
        await stock.Inbox.WaitForAsync(id);
        await SendAMarkerAsync(shop, elsewhere);
        elsewhere.Inbox.Of(id).Should().BeEmpty();
    }

    [Test]
    public async Task ASubscriptionWithTags_GetsOnlyThose()
    {
        var shop = await RegisterProducerAsync();
        var all = await SubscribeAsync(Unique.Name("orders"));
        var some = await SubscribeAsync(all.Topic, subscription => subscription with { Tags = ["paid", "sent"] });
        var ids = new Dictionary<string, string>();
        foreach (var tag in new[] { "paid", "sent", "PAID", "" })
        {
            ids[tag] = await shop.SendAsync(all.Topic, message => message with { Tag = tag == "" ? null : tag });
        }

        await all.Inbox.WaitForAllAsync(ids.Values);
        await some.Inbox.WaitForAllAsync([ids["paid"], ids["sent"]]);

        (await Api.MessageAsync(ids["PAID"])).List("deliveries").Should().ContainSingle("tags are matched exactly");
        (await Api.MessageAsync(ids[""])).List("deliveries").Should().ContainSingle();
    }

    [Test]
    public async Task ADelay_CountsFromTheCommit()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var delayed = await shop.SendAsync(billing.Topic, message => message with { DelaySeconds = 2 });
        var prompt = await shop.SendAsync(billing.Topic);

        await billing.Inbox.WaitForAllAsync([delayed, prompt]);

        var committedAt = (await Api.MessageAsync(delayed)).Time("decidedAt");
        billing.Inbox.Received.Select(request => request.MessageId).Should().Equal(prompt, delayed);
        billing.Inbox.Of(delayed)[0].At.Should().BeOnOrAfter(committedAt.AddSeconds(1.9));
    }
}
