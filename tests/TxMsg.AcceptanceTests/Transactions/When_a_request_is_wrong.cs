using System.Text;

namespace TxMsg.AcceptanceTests.Transactions;

public sealed class When_a_request_is_wrong(StoreKind store) : CoordinatorFixture(store)
{
    private const int Limit = 262_144;

    [Test]
    public async Task AnUnknownField_IsNamed()
    {
        var shop = await RegisterProducerAsync();

        var reply = await Api.PostAsync("/v1/messages", new { producer = shop.Name, topic = "orders", payload = 1, colour = "red" });

        reply.Expect(400).ShouldBeAProblem();
        reply.Content.Should().Contain("colour");
    }

    [Test]
    public async Task AProducerThatIsNotRegistered_IsRefused()
    {
        var reply = await Api.PostAsync("/v1/messages", new NewMessage(Unique.Name("stranger"), "orders") { Payload = 1 });

        reply.ShouldBeInvalid("producer");
    }

    [TestCase("topic", """{"producer":"$","payload":1}""")]
    [TestCase("topic", """{"producer":"$","topic":"","payload":1}""")]
    [TestCase("producer", """{"topic":"orders","payload":1}""")]
    [TestCase("payload", """{"producer":"$","topic":"orders"}""")]
    [TestCase("payload", """{"producer":"$","topic":"orders","payload":1,"payloadBase64":"AAAA"}""")]
    [TestCase("payload", """{"producer":"$","topic":"orders","payloadBase64":null}""")]
    [TestCase("payloadBase64", """{"producer":"$","topic":"orders","payloadBase64":"not base64!"}""")]
    [TestCase("id", """{"producer":"$","topic":"orders","payload":1,"id":"17"}""")]
    [TestCase("delaySeconds", """{"producer":"$","topic":"orders","payload":1,"delaySeconds":-1}""")]
    [TestCase("checkBackAfterSeconds", """{"producer":"$","topic":"orders","payload":1,"checkBackAfterSeconds":-5}""")]
    [TestCase("headers", """{"producer":"$","topic":"orders","payload":1,"headers":{"bad name":"x"}}""")]
    [TestCase("headers", """{"producer":"$","topic":"orders","payload":1,"headers":{"a":"x\r\nwebhook-id: forged"}}""")]
    [TestCase("contentType", """{"producer":"$","topic":"orders","payload":1,"contentType":"text/plain\r\nx: y"}""")]
    public async Task AWrongValue_IsRefusedByItsField(string field, string json)
    {
        var shop = await RegisterProducerAsync();

        var reply = await Api.PostAsync("/v1/messages", json.Replace("$", shop.Name, StringComparison.Ordinal));

        reply.Expect(400).ShouldBeAProblem();
        reply.Json.Object("errors").Select(error => error.Key).Should()
            .Contain(key => key.StartsWith(field, StringComparison.Ordinal), "{0} is wrong: {1}", field, reply);
    }

    [Test]
    public async Task SeveralWrongValues_AreAllNamed()
    {
        var shop = await RegisterProducerAsync();

        var reply = await Api.PostAsync("/v1/messages", new { producer = shop.Name, payload = 1, delaySeconds = -1, id = "17" });

        reply.Expect(400).Json.Object("errors").Select(error => error.Key).Should().Contain(["topic", "delaySeconds", "id"]);
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("""{"producer":17}""")]
    public async Task ABodyThatIsNoMessage_IsRefused(string json)
    {
        (await Api.PostAsync("/v1/messages", json)).Expect(400).ShouldBeAProblem();
    }

    [Test]
    public async Task APayloadOfExactlyTheLimit_IsTaken()
    {
        var shop = await RegisterProducerAsync();
        var payload = Convert.ToBase64String(new byte[Limit]);

        await shop.PrepareAsync(Unique.Name("orders"), message => message with { Payload = null, PayloadBase64 = payload });
    }

    [Test]
    public async Task APayloadOverTheLimit_IsRefusedAsTooLarge()
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message(Unique.Name("orders"));

        var binary = await Api.PostAsync(
            "/v1/messages", message with { Payload = null, PayloadBase64 = Convert.ToBase64String(new byte[Limit + 1]) });
        var json = await Api.PostAsync("/v1/messages", message with { Payload = new string('x', Limit) });

        binary.Expect(413).ShouldBeAProblem();
        json.Expect(413).ShouldBeAProblem();
    }

    [Test]
    public async Task ABodyFarOverTheLimit_IsRefusedAsTooLarge()
    {
        var shop = await RegisterProducerAsync();
        var body = $$"""{"producer":"{{shop.Name}}","topic":"orders","payload":"{{new string('x', 8 * 1024 * 1024)}}"}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        // the answer comes before the body is sent; without this it could be lost when the connection is closed on the rest
        request.Headers.ExpectContinue = true;

        (await Api.SendAsync(request)).Expect(413).ShouldBeAProblem();
    }

    [Test]
    public async Task ABodyThatIsNotJson_IsRefused()
    {
        using var content = new StringContent("producer=shop", Encoding.UTF8, "application/x-www-form-urlencoded");

        var reply = await Api.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = content });

        reply.Status.Should().BeOneOf(400, 415);
        reply.ShouldBeAProblem();
    }

    [TestCase("/v1/messages/018f0000-0000-7000-8000-000000000000")]
    [TestCase("/v1/messages/018f0000-0000-7000-8000-000000000000/payload")]
    [TestCase("/v1/messages/018f0000-0000-7000-8000-000000000000/timeline")]
    [TestCase("/v1/producers/nobody")]
    [TestCase("/v1/subscriptions/nobody")]
    [TestCase("/v1/nothing-here")]
    public async Task WhatIsNotThere_IsNotFound(string path)
    {
        (await Api.GetAsync(path)).Expect(404).ShouldBeAProblem();
    }
}
