namespace TxMsg.AcceptanceTests.CheckBacks;

public sealed class When_a_producer_is_registered(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task Creating_ShowsItsSecretOnce()
    {
        var name = Unique.Name("shop");
        var body = new NewProducer(new Uri("http://127.0.0.1:1/check")) { CheckBackAfterSeconds = 7, MaxUnknownAnswers = 3, GiveUpAfterSeconds = 900 };

        var created = (await Api.PutAsync($"/v1/producers/{name}", body)).Expect(201);

        created.Text("secret").Should().StartWith("whsec_");
        var read = (await Api.GetAsync($"/v1/producers/{name}")).Expect(200);
        read.Text("secret").Should().BeNull();
        read.Text("name").Should().Be(name);
        read.Text("checkBackUrl").Should().Be(body.CheckBackUrl.ToString());
        read.Json.Number("checkBackAfterSeconds").Should().Be(7);
        read.Json.Number("maxUnknownAnswers").Should().Be(3);
        read.Json.Number("giveUpAfterSeconds").Should().Be(900);
    }

    [Test]
    public async Task Updating_KeepsItsSecretToItself()
    {
        var shop = await RegisterProducerAsync();
        var moved = new CheckBackEndpoint(Receiver.Open());

        var updated = await Api.PutAsync($"/v1/producers/{shop.Name}", new NewProducer(moved.Inbox.Url) { CheckBackAfterSeconds = 1 });

        updated.Expect(200).Text("secret").Should().BeNull();
        var id = await shop.PrepareAsync("orders");
        (await moved.AskedAsync(id))[0].IsSignedWith(shop.Secret).Should().BeTrue();
    }

    [Test]
    public async Task Creating_WithASecret_SignsWithIt()
    {
        var secret = Unique.Secret();
        var shop = await RegisterProducerAsync(producer => producer with { Secret = secret, CheckBackAfterSeconds = 1 });

        var id = await shop.PrepareAsync("orders");

        (await shop.CheckBacks.AskedAsync(id))[0].IsSignedWith(secret).Should().BeTrue();
    }

    [Test]
    public async Task TheList_ShowsIt()
    {
        var shop = await RegisterProducerAsync();

        var listed = (await Api.GetAsync("/v1/producers")).Expect(200);

        listed.Items.Should().ContainSingle(item => item.Text("name") == shop.Name).Which.Text("secret").Should().BeNull();
    }

    [TestCase("checkBackUrl", "{}")]
    [TestCase("checkBackUrl", """{"checkBackUrl":"shop/check"}""")]
    [TestCase("checkBackUrl", """{"checkBackUrl":"file:///etc/passwd"}""")]
    [TestCase("checkBackAfterSeconds", """{"checkBackUrl":"http://127.0.0.1:1/x","checkBackAfterSeconds":-1}""")]
    [TestCase("maxUnknownAnswers", """{"checkBackUrl":"http://127.0.0.1:1/x","maxUnknownAnswers":0}""")]
    [TestCase("giveUpAfterSeconds", """{"checkBackUrl":"http://127.0.0.1:1/x","giveUpAfterSeconds":0}""")]
    [TestCase("secret", """{"checkBackUrl":"http://127.0.0.1:1/x","secret":"whsec_!"}""")]
    [TestCase("colour", """{"checkBackUrl":"http://127.0.0.1:1/x","colour":"red"}""")]
    public async Task AWrongValue_IsRefusedByItsField(string field, string json)
    {
        var reply = await Api.PutAsync($"/v1/producers/{Unique.Name("wrong")}", json);

        reply.Expect(400).ShouldBeAProblem();
        reply.Content.Should().Contain(field);
    }

    [Test]
    public async Task ANameThatIsNoName_IsRefused()
    {
        var body = new NewProducer(new Uri("http://127.0.0.1:1/check"));

        (await Api.PutAsync("/v1/producers/" + Uri.EscapeDataString("a b\r\nc"), body)).Expect(400).ShouldBeAProblem();
        (await Api.PutAsync("/v1/producers/" + new string('x', 2000), body)).Expect(400).ShouldBeAProblem();
    }
}
