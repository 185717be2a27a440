namespace TxMsg.AcceptanceTests.Access;

public sealed class When_only_loopback_may_call(StoreKind store) : CoordinatorFixture(store)
{
    private static readonly string[] Paths = ["/v1/stats", "/hangfire", "/metrics", "/openapi/v1.json"];

    [TestCaseSource(nameof(Paths))]
    public async Task AForeignHostHeader_IsForbidden(string path)
    {
        // a name that an attacker's DNS points at 127.0.0.1 arrives with the attacker's name in Host
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = "attacker.example";

        (await Api.SendAsync(request)).Expect(403);
    }

    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    [TestCase("[::1]")]
    public async Task ALoopbackHostHeader_IsWelcome(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/stats");
        request.Headers.Host = $"{host}:{Coordinator.Address.Port}";

        (await Api.SendAsync(request)).Expect(200);
    }

    [TestCase("Origin", "http://attacker.example")]
    [TestCase("Origin", "null")]
    [TestCase("Sec-Fetch-Site", "cross-site")]
    public async Task ACrossSiteRequestOfABrowser_IsForbidden(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/dead-letters/discard")
        {
            Content = new StringContent("""{"subscription":"billing"}"""),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation(header, value);

        (await Api.SendAsync(request)).Expect(403);
    }

    [Test]
    public async Task TheCoordinatorsOwnPages_MayCallIt()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/stats");
        request.Headers.TryAddWithoutValidation("Origin", Coordinator.Address.GetLeftPart(UriPartial.Authority));
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");

        (await Api.SendAsync(request)).Expect(200);
    }
}
