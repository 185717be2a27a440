namespace TxMsg.AcceptanceTests.Access;

public sealed class When_a_viewer_looks(StoreKind store) : KeyedCoordinatorFixture(store)
{
    private Api viewer = null!;
    private string key = null!;

    [OneTimeSetUp]
    public async Task MakeAViewerAsync()
    {
        (_, key) = await CreateAdminKeyAsync("viewer", "Grafana");
        viewer = new Api(() => Coordinator.Address, key);
    }

    [OneTimeTearDown]
    public void Leave() => viewer?.Dispose();

    [Test]
    public async Task Everything_IsShown()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var id = await shop.SendAsync(billing.Topic);

        foreach (var path in new[]
        {
            $"/v1/messages/{id}", $"/v1/messages/{id}/payload", $"/v1/messages/{id}/timeline", $"/v1/messages?topic={billing.Topic}", "/v1/producers", $"/v1/producers/{shop.Name}",
            $"/v1/producers/{shop.Name}/keys", $"/v1/subscriptions/{billing.Subscription}", "/v1/dead-letters", "/v1/stats", "/v1/alerts", "/v1/audit", "/v1/admin-keys", "/metrics", "/hangfire",
        })
            (await viewer.GetAsync(path)).Expect(200).Content.Should().NotContain(shop.Secret).And.NotContain(billing.Secret).And.NotContain(key);
    }

    [Test]
    public async Task Nothing_IsChanged()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var id = await shop.PrepareAsync(billing.Topic);

        foreach (var path in new[]
        {
            $"messages/{id}/commit", $"messages/{id}/rollback", $"messages/{id}/check-back", $"subscriptions/{billing.Subscription}/pause", $"subscriptions/{billing.Subscription}/rotate-secret",
            $"producers/{shop.Name}/rotate-secret", $"producers/{shop.Name}/keys", "admin-keys", "messages", "messages/batch", "verdicts", "dead-letters/redeliver", "dead-letters/discard",
        })
            ShouldBeRefused(await viewer.PostAsync("/v1/" + path, new { }));
        ShouldBeRefused(await viewer.PutAsync($"/v1/producers/{shop.Name}", new NewProducer(Receiver.Open().Url)));
        ShouldBeRefused(await viewer.DeleteAsync($"/v1/subscriptions/{billing.Subscription}"));
        ShouldBeRefused(await viewer.DeleteAsync("/v1/admin-keys/any"));

        (await Api.MessageAsync(id)).State.Should().Be(MessageStates.Prepared);
        (await Api.SubscriptionAsync(billing.Subscription)).Expect(200).State.Should().Be("active");
        foreach (var subject in new[] { $"message={id}", $"producer={shop.Name}&action=rotateProducerSecret", $"subscription={billing.Subscription}&action=pauseSubscription" })
            (await Api.GetAsync("/v1/audit?" + subject)).Expect(200).Items.Should().BeEmpty();
    }

    [Test]
    public async Task SignedIn_TheSameHolds()
    {
        using var browser = await Browser.SignInAsync(Coordinator.Address, key);
        var billing = await SubscribeAsync(Unique.Name("orders"));

        (await browser.GetAsync("/v1/subscriptions")).Expect(200);
        ShouldBeRefused(await browser.SendAsync("POST", $"/v1/subscriptions/{billing.Subscription}/pause"));
        ShouldBeRefused(await browser.SendAsync("POST", "/hangfire/recurring/trigger"));
    }

    [Test]
    public async Task ARoleThatIsNone_IsNamed() => (await Api.PostAsync("/v1/admin-keys", new { role = "auditor" })).ShouldBeInvalid("role");

    private static void ShouldBeRefused(Reply reply) => reply.Expect(403).ShouldBeAProblem().Text("detail").Should().Contain("viewer");
}
