namespace TxMsg.AcceptanceTests.Access;

public sealed class When_keys_are_required(StoreKind store) : KeyedCoordinatorFixture(store)
{
    [TestCase("GET", "/v1/messages")]
    [TestCase("POST", "/v1/messages")]
    [TestCase("POST", "/v1/messages/batch")]
    [TestCase("POST", "/v1/verdicts")]
    [TestCase("GET", "/v1/producers")]
    [TestCase("PUT", "/v1/producers/shop")]
    [TestCase("GET", "/v1/subscriptions")]
    [TestCase("PUT", "/v1/subscriptions/billing")]
    [TestCase("GET", "/v1/stats")]
    [TestCase("GET", "/v1/nodes")]
    [TestCase("GET", "/v1/audit")]
    [TestCase("GET", "/v1/dead-letters")]
    [TestCase("POST", "/v1/dead-letters/redeliver")]
    public async Task WithoutAKey_NothingIsAnswered(string method, string path)
    {
        using var stranger = new Api(() => Coordinator.Address);
        using var guesser = new Api(() => Coordinator.Address, "guess");

        (await stranger.SendAsync(new HttpRequestMessage(new HttpMethod(method), path))).Expect(401).ShouldBeAProblem();
        (await guesser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path))).Expect(401).ShouldBeAProblem();
    }

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    public async Task Probes_NeedNoKey(string path)
    {
        using var probe = new Api(() => Coordinator.Address);

        (await probe.GetAsync(path)).Expect(200);
    }

    [Test]
    public async Task TheAdminUi_IsNotShownToStrangers()
    {
        using var stranger = new Api(() => Coordinator.Address);

        (await stranger.GetAsync("/hangfire")).Status.Should().BeOneOf([302, 303, 401, 403], "a stranger is sent to sign in, or away");
    }

    [Test]
    public async Task AProducersKey_WorksForItsMessages()
    {
        var shop = await RegisterProducerAsync();
        using var api = (await CreateKeyAsync(shop)).Api;
        var own = shop with { Api = api };

        var id = await own.SendAsync(Unique.Name("orders"));

        (await api.MessageAsync(id)).Expect(200).State.Should().Be(MessageStates.Committed);
        (await api.GetAsync($"/v1/messages/{id}/payload")).Expect(200);
        await api.TimelineAsync(id);
    }

    [Test]
    public async Task AProducersKey_SeesWhereTheNodesAre_AndNothingElseOfThem()
    {
        using var api = (await CreateKeyAsync(await RegisterProducerAsync())).Api;

        var node = await Eventually.ReadAsync(
            async () => (await api.GetAsync("/v1/nodes")).Expect(200).Items.SingleOrDefault() ?? [], found => found.Count > 0, "the node to be registered");

        node.Select(property => property.Key).Should().BeEquivalentTo("id", "addresses", "state");
        node["addresses"]!.AsArray().Select(address => address!.GetValue<string>()).Should().Equal(Coordinator.Address.ToString().TrimEnd('/'));
    }

    [Test]
    public async Task AnotherProducersMessage_IsForbidden()
    {
        var (shop, other) = (await RegisterProducerAsync(), await RegisterProducerAsync());
        using var api = (await CreateKeyAsync(shop)).Api;
        var id = await other.PrepareAsync(Unique.Name("orders"));

        (await api.PostAsync("/v1/messages", other.Message("orders"))).Expect(403).ShouldBeAProblem();
        (await api.CommitAsync(id)).Expect(403);
        (await api.RollbackAsync(id)).Expect(403);
        (await api.CheckBackAsync(id)).Expect(403);
        (await api.MessageAsync(id)).Expect(403);
        (await api.GetAsync($"/v1/messages/{id}/payload")).Expect(403);
        (await api.GetAsync($"/v1/messages/{id}/timeline")).Expect(403);
        (await Api.MessageAsync(id)).State.Should().Be(MessageStates.Prepared);
    }

    [Test]
    public async Task InABatch_OnlyForeignRowsAreForbidden()
    {
        var (shop, other) = (await RegisterProducerAsync(), await RegisterProducerAsync());
        using var api = (await CreateKeyAsync(shop)).Api;
        var foreign = await other.PrepareAsync("orders");
        var own = await shop.PrepareAsync("orders");

        var messages = await api.PostAsync("/v1/messages/batch", new { messages = new[] { other.Message("orders"), shop.Message("orders") } });
        var verdicts = await api.PostAsync(
            "/v1/verdicts", new { verdicts = new[] { new { id = foreign, verdict = "commit" }, new { id = own, verdict = "commit" } } });

        messages.Expect(200).List("results").Select(result => result.Number("status")).Should().Equal(403, 201);
        verdicts.Expect(200).List("results").Select(result => result.Number("status")).Should().Equal(403, 200);
        (await Api.MessageAsync(foreign)).State.Should().Be(MessageStates.Prepared);
    }

    [Test]
    public async Task TheSearch_ShowsAProducerOnlyItsOwn()
    {
        var (shop, other) = (await RegisterProducerAsync(), await RegisterProducerAsync());
        using var api = (await CreateKeyAsync(shop)).Api;
        var topic = Unique.Name("orders");
        var own = await shop.PrepareAsync(topic);
        await other.PrepareAsync(topic);

        (await api.GetAsync($"/v1/messages?topic={topic}")).Expect(200).Items.Select(item => item.Text("id")).Should().Equal(own);
        (await api.GetAsync($"/v1/messages?producer={other.Name}")).Expect(200).Items.Should().BeEmpty();
    }

    [Test]
    public async Task Administration_NeedsAnAdminKey()
    {
        var shop = await RegisterProducerAsync();
        using var api = (await CreateKeyAsync(shop)).Api;
        var url = Receiver.Open().Url;

        (await api.PutAsync($"/v1/producers/{shop.Name}", new NewProducer(url))).Expect(403).ShouldBeAProblem();
        (await api.PutAsync("/v1/subscriptions/mine", new NewSubscription("orders", url))).Expect(403);
        (await api.PostAsync($"/v1/producers/{shop.Name}/rotate-secret")).Expect(403);
        (await api.PostAsync($"/v1/producers/{shop.Name}/keys")).Expect(403);
        (await api.PostAsync("/v1/dead-letters/redeliver", new { subscription = "billing" })).Expect(403);
    }

    [Test]
    public async Task AKey_IsShownOnceAndEndsWhenItIsDeleted()
    {
        var shop = await RegisterProducerAsync();
        var (keyId, key, api) = await CreateKeyAsync(shop);
        using (api)
        {
            (await api.PostAsync("/v1/messages", shop.Message("orders"))).Expect(201);
            (await Api.GetAsync($"/v1/producers/{shop.Name}")).Expect(200).Content.Should().NotContain(key);

            (await Api.DeleteAsync($"/v1/producers/{shop.Name}/keys/{keyId}")).Expect(204);

            (await api.PostAsync("/v1/messages", shop.Message("orders"))).Expect(401);
            (await Api.DeleteAsync($"/v1/producers/{shop.Name}/keys/{keyId}")).Expect(404);
        }
    }

    [Test]
    public void NoKey_IsEverLogged() => Coordinator.Log.Should().NotContain(AdminKey);

    private async Task<(string KeyId, string Key, Api Api)> CreateKeyAsync(Producer producer)
    {
        var reply = (await Api.PostAsync($"/v1/producers/{producer.Name}/keys")).Expect(201);
        var key = reply.Text("key")!;
        return (reply.Text("keyId")!, key, new Api(() => Coordinator.Address, key));
    }
}
