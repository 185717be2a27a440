using System.Text;

namespace TxMsg.AcceptanceTests.Transactions;

public sealed class When_payloads_travel(StoreKind store) : CoordinatorFixture(store)
{
    [TestCase("""{"b":1,"a":[1.0,1e2,-0],"b":2}""", TestName = "AJsonPayload_KeepsOrderDuplicatesAndNumbers")]
    [TestCase("{ \"spaced\" :\t[ 1 ,2 ]\n}", TestName = "AJsonPayload_KeepsItsWhiteSpace")]
    [TestCase("""{"text":"caf\u00e9 \/ é \ud83d\ude00 😀 <&'>"}""", TestName = "AJsonPayload_KeepsItsEscapes")]
    [TestCase("\"just text\"", TestName = "AJsonPayload_CanBeAString")]
    [TestCase("3.1400", TestName = "AJsonPayload_CanBeANumber")]
    [TestCase("[]", TestName = "AJsonPayload_CanBeAnEmptyList")]
    [TestCase("false", TestName = "AJsonPayload_CanBeFalse")]
    public async Task AJsonPayload_IsDeliveredByteForByte(string payload)
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var json = $$"""{"producer":"{{shop.Name}}", "payload" : {{payload}} ,"topic":"{{billing.Topic}}","verdict":"commit"}""";

        var id = (await Api.PostAsync("/v1/messages", json)).Expect(201).Id;

        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        delivered.Body.Should().Equal(Encoding.UTF8.GetBytes(payload));
        delivered.Header("Content-Type").Should().Be("application/json");
    }

    [Test]
    public async Task ABinaryPayload_IsDeliveredByteForByte()
    {
        byte[] payload = [.. Enumerable.Range(0, 256).Select(value => (byte)value), 0, 13, 10, 0];

        var (delivered, stored) = await SendAsync(Convert.ToBase64String(payload), "application/x-protobuf");

        delivered.Body.Should().Equal(payload);
        delivered.Header("Content-Type").Should().Be("application/x-protobuf");
        stored.Body.Should().Equal(payload);
        stored.ContentType.Should().Be("application/x-protobuf");
    }

    [Test]
    public async Task ABinaryPayload_WithoutContentType_IsOctets()
    {
        var (delivered, stored) = await SendAsync("AAEC", contentType: null);

        delivered.Header("Content-Type").Should().Be("application/octet-stream");
        stored.ContentType.Should().Be("application/octet-stream");
    }

    [Test]
    public async Task AnEmptyPayload_IsDeliveredEmpty()
    {
        var (delivered, stored) = await SendAsync("", "text/plain; charset=utf-8");

        delivered.Body.Should().BeEmpty();
        delivered.Header("Content-Type").Should().Be("text/plain; charset=utf-8");
        stored.Body.Should().BeEmpty();
    }

    [Test]
    public async Task ALargePayload_IsDeliveredByteForByte()
    {
        var payload = new byte[262_144];
        new Random(17).NextBytes(payload);

        var (delivered, stored) = await SendAsync(Convert.ToBase64String(payload), "application/octet-stream");

        delivered.Body.Should().Equal(payload);
        stored.Body.Should().Equal(payload);
    }

    [Test]
    public async Task AJsonPayload_MayHaveAContentTypeOfItsOwn()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));

        var id = await shop.SendAsync(billing.Topic, message => message with { ContentType = "application/vnd.shop.order+json" });

        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        delivered.Header("Content-Type").Should().Be("application/vnd.shop.order+json");
        delivered.Text.Should().Be("""{"order":17}""");
    }

    [Test]
    public async Task ThePayloadOfAHalfMessage_CanBeRead()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync(Unique.Name("orders"));

        var stored = (await Api.GetAsync($"/v1/messages/{id}/payload")).Expect(200);

        stored.Content.Should().Be("""{"order":17}""");
        stored.ContentType.Should().Be("application/json");
    }

    [Test]
    public async Task APayloadOfAnyDepth_IsItsOwnersBusiness()
    {
        var shop = await RegisterProducerAsync();
        var deep = new string('[', 5_000) + new string(']', 5_000);
        var message = $$"""{"producer":"{{shop.Name}}","topic":"{{Unique.Name("orders")}}","payload":{{deep}}}""";

        var alone = (await Api.PostAsync("/v1/messages", message)).Expect(201);
        var results = (await Api.PostAsync("/v1/messages/batch", $$"""{"messages":[{{message}},{{message}}]}""")).Expect(200).List("results");

        (await Api.GetAsync($"/v1/messages/{alone.Id}/payload")).Expect(200).Content.Should().Be(deep);
        results.Select(result => result.Number("status")).Should().Equal(201, 201);
    }

    [Test]
    public async Task ANullBesideBase64_IsNoPayload()
    {
        var shop = await RegisterProducerAsync();

        var stored = (await Api.PostAsync("/v1/messages", $$"""{"producer":"{{shop.Name}}","topic":"orders","payload":null,"payloadBase64":"AQI="}""")).Expect(201);

        (await Api.GetAsync($"/v1/messages/{stored.Id}/payload")).Expect(200).ContentType.Should().Be("application/octet-stream");
    }

    private async Task<(ReceivedRequest Delivered, Reply Stored)> SendAsync(string payloadBase64, string? contentType)
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var id = await shop.SendAsync(
            billing.Topic, message => message with { Payload = null, PayloadBase64 = payloadBase64, ContentType = contentType });
        var delivered = (await billing.Inbox.WaitForAsync(id))[0];
        return (delivered, (await Api.GetAsync($"/v1/messages/{id}/payload")).Expect(200));
    }
}
