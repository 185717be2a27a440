using System.Net;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Access;

/// <summary>The pages of the dashboard call the API with the sign-in cookie; what changes something needs the page's token too.</summary>
public sealed class PageCallTests
{
    private const string Producer = """{"checkBackUrl":"http://127.0.0.1:9/"}""";
    private TestFolder folder = null!;
    private RunningServer server = null!;
    private Browser browser = null!;

    [SetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder, RunningServer.WithKeys);
        browser = new Browser(server.Http.BaseAddress!);
        (await browser.SignInAsync(RunningServer.AdminKey)).Dispose();
    }

    [TearDown]
    public async Task StopAsync()
    {
        browser.Dispose();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [TestCase("/v1/producers")]
    [TestCase("/v1/messages")]
    [TestCase("/v1/audit")]
    [TestCase("/metrics")]
    public async Task WhoHasSignedIn_SeesByTheCookie(string path) => (await browser.StatusAsync("GET", path)).Should().Be(HttpStatusCode.OK);

    [Test]
    public async Task WhoHasSignedIn_ChangesByThePagesToken()
    {
        var token = await browser.TokenAsync();

        (await browser.StatusAsync("PUT", "/v1/producers/shop", token, Producer)).Should().Be(HttpStatusCode.Created);
        (await browser.StatusAsync("POST", "/v1/messages", token, """{"producer":"shop","topic":"orders","payload":1}""")).Should().Be(HttpStatusCode.Created);
        var made = await browser.SendAsync("POST", "/v1/admin-keys", token);
        made.Status.Should().Be(HttpStatusCode.Created);
        (await browser.StatusAsync("DELETE", $"/v1/admin-keys/{System.Text.Json.Nodes.JsonNode.Parse(made.Content)!["keyId"]}", token)).Should().Be(HttpStatusCode.NoContent);
    }

    [TestCase("PUT", "/v1/producers/shop")]
    [TestCase("POST", "/v1/messages")]
    [TestCase("POST", "/v1/verdicts")]
    [TestCase("POST", "/v1/admin-keys")]
    [TestCase("DELETE", "/v1/admin-keys/1")]
    [TestCase("POST", "/hangfire/recurring/trigger")]
    public async Task WithoutTheToken_NothingIsChanged(string method, string path)
    {
        var (status, content) = await browser.SendAsync(method, path, json: Producer);

        status.Should().Be(HttpStatusCode.Forbidden);
        content.Should().Contain("anti-forgery token in the header RequestVerificationToken");
    }

    [Test]
    public async Task AWrongToken_IsRefused()
    {
        var token = await browser.TokenAsync();

        foreach (var wrong in new[] { "guess", token[..^2], token + "AA" })
            (await browser.SendAsync("PUT", "/v1/producers/shop", wrong, Producer)).Should().Match<(HttpStatusCode Status, string Content)>(
                answer => answer.Status == HttpStatusCode.Forbidden && answer.Content.Contains("is not valid"));
    }

    [Test]
    public async Task TheTokenOfAPage_IsWorthNothingInAnotherBrowser()
    {
        using var other = new Browser(server.Http.BaseAddress!);
        (await other.SignInAsync(RunningServer.AdminKey)).Dispose();

        (await other.StatusAsync("PUT", "/v1/producers/shop", await browser.TokenAsync(), Producer)).Should().Be(HttpStatusCode.Forbidden);
    }

    // Anybody can get a pair of such a token and its cookie, and a neighbouring host can plant the cookie.
    [Test]
    public async Task ATokenOfNobody_IsWorthNothingToWhoHasSignedIn()
    {
        (await browser.StatusAsync("PUT", "/v1/producers/shop", await browser.TokenAsync("/sign-out"), Producer)).Should().Be(HttpStatusCode.Forbidden);
    }

    [Test]
    public async Task ATokenWithoutACookie_IsNoKey()
    {
        using var stranger = new Browser(server.Http.BaseAddress!);

        (await stranger.StatusAsync("PUT", "/v1/producers/shop", await browser.TokenAsync(), Producer)).Should().Be(HttpStatusCode.Unauthorized);
        (await stranger.StatusAsync("GET", "/v1/producers")).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task ADeletedKey_EndsTheCallsOfItsPages()
    {
        var made = await server.JsonAsync("POST", "/v1/admin-keys", RunningServer.AdminKey);
        using var other = new Browser(server.Http.BaseAddress!);
        (await other.SignInAsync((string)made["key"]!)).Dispose();
        var token = await other.TokenAsync();
        (await other.StatusAsync("PUT", "/v1/producers/shop", token, Producer)).Should().Be(HttpStatusCode.Created);

        using var deleted = await server.SendAsync("DELETE", $"/v1/admin-keys/{(string)made["keyId"]!}", RunningServer.AdminKey);

        (await other.StatusAsync("PUT", "/v1/producers/shop", token, Producer)).Should().Be(HttpStatusCode.Unauthorized);
        (await other.StatusAsync("GET", "/v1/producers")).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task AKeyInTheRequest_GoesBeforeTheCookie()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/producers");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer guess");
        using var signedIn = await server.Http.SendAsync(request);

        signedIn.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task HangfiresOwnPages_StillWork()
    {
        var token = await browser.TokenAsync("/hangfire/recurring");

        (await browser.StatusAsync("POST", "/hangfire/stats", token)).Should().Be(HttpStatusCode.OK);
        (await browser.StatusAsync("POST", "/hangfire/recurring/trigger", token)).Should().Be(HttpStatusCode.NoContent);
    }
}
