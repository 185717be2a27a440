namespace TxMsg.AcceptanceTests.Access;

public sealed class When_a_page_calls_the_api(StoreKind store) : KeyedCoordinatorFixture(store)
{
    private Browser browser = null!;
    private string keyId = null!;

    [OneTimeSetUp]
    public async Task SignInAsync()
    {
        (keyId, var key) = await CreateAdminKeyAsync("operator", "Alice");
        browser = await Browser.SignInAsync(Coordinator.Address, key);
    }

    [OneTimeTearDown]
    public void Leave() => browser?.Dispose();

    [Test]
    public async Task WithItsToken_ItMayWhatTheKeyMay_UnderTheNameOfTheKey()
    {
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync(billing.Topic);

        (await browser.SendAsync("POST", $"/v1/subscriptions/{billing.Subscription}/pause", new { reason = "a test" })).Expect(200).State.Should().Be("paused");
        (await browser.SendAsync("POST", $"/v1/messages/{id}/commit", new { reason = "it did" })).Expect(200).Text("decidedBy").Should().Be("operator");

        (await Api.GetAsync($"/v1/audit?actor=admin:{keyId}&subscription={billing.Subscription}")).Expect(200).Items.Single().Text("reason").Should().Be("a test");
        (await Api.GetAsync($"/v1/audit?message={id}")).Expect(200).Items.Single().Text("actor").Should().Be($"admin:{keyId}");
    }

    [TestCase("PUT", "/v1/producers/forged")]
    [TestCase("POST", "/v1/messages")]
    [TestCase("POST", "/v1/dead-letters/discard")]
    [TestCase("DELETE", "/v1/subscriptions/forged")]
    public async Task WithoutAGoodToken_ItMayOnlyLook(string method, string path)
    {
        using var other = await Browser.SignInAsync(Coordinator.Address, AdminKey);
        foreach (var token in new[] { " ", "guess", other.Token })
            (await browser.SendAsync(method, path, new NewProducer(Receiver.Open().Url), token)).Expect(403).ShouldBeAProblem().Text("detail").Should().Contain("anti-forgery token");

        (await browser.GetAsync("/v1/messages")).Expect(200);
        (await Api.GetAsync("/v1/producers/forged")).Expect(404);
    }

    [Test]
    public async Task SignedOutOrWithoutItsKey_ItMayNothing()
    {
        var (id, key) = await CreateAdminKeyAsync("operator");
        using var other = await Browser.SignInAsync(Coordinator.Address, key);
        (await other.SendAsync("POST", "/v1/admin-keys")).Expect(201);

        (await Api.DeleteAsync($"/v1/admin-keys/{id}?reason=over")).Expect(204);

        (await other.SendAsync("POST", "/v1/admin-keys")).Expect(401).ShouldBeAProblem();
        (await other.GetAsync("/v1/messages")).Expect(401);
    }
}
