using System.Net;
using System.Text;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Access;

public sealed class ApiKeyTests
{
    private const string Message = """{"producer":"shop","topic":"orders","payload":1}""";
    private TestFolder folder = null!;
    private RunningServer server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder, RunningServer.WithKeys);
        await server.JsonAsync("PUT", "/v1/producers/shop", RunningServer.AdminKey, """{"checkBackUrl":"http://127.0.0.1:9/"}""");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task AProducersKey_ActsForItsMessagesOnly()
    {
        var key = (string)(await server.JsonAsync("POST", "/v1/producers/shop/keys", RunningServer.AdminKey))["key"]!;

        key.Should().MatchRegex("^txk_[A-Za-z0-9_-]{43}$");
        (await StatusAsync("POST", "/v1/messages", key, Message)).Should().Be(HttpStatusCode.Created);
        (await StatusAsync("GET", "/v1/producers", key)).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync("GET", "/v1/admin-keys", key)).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync("GET", "/metrics", key)).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync("GET", "/hangfire", key)).Should().Be(HttpStatusCode.Forbidden);
    }

    [TestCase("/v1/producers/shop/keys")]
    [TestCase("/v1/admin-keys")]
    public async Task ADeletedKey_IsUnknownAtOnce(string path)
    {
        var made = await server.JsonAsync("POST", path, RunningServer.AdminKey);
        var (id, key) = ((string)made["keyId"]!, (string)made["key"]!);
        (await StatusAsync("POST", "/v1/messages", key, Message)).Should().Be(HttpStatusCode.Created);

        (await StatusAsync("DELETE", $"{path}/{id}", RunningServer.AdminKey)).Should().Be(HttpStatusCode.NoContent);

        (await StatusAsync("POST", "/v1/messages", key, Message)).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync("DELETE", $"{path}/{id}", RunningServer.AdminKey)).Should().Be(HttpStatusCode.NotFound);
    }

    [TestCase(null, "Bearer")]
    [TestCase("Basic YTpi", "Bearer")]
    [TestCase("Bearer guess", "Bearer error=\"invalid_token\"")]
    public async Task ARefusal_TellsAWrongKeyFromNone(string? authorization, string expected)
    {
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];
        using var response = await server.SendAsync("GET", "/v1/producers", headers: headers);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        response.Headers.GetValues("WWW-Authenticate").Should().Equal(expected);
    }

    [Test]
    public async Task AnAdminKey_MakesOthers()
    {
        var key = (string)(await server.JsonAsync("POST", "/v1/admin-keys", RunningServer.AdminKey))["key"]!;

        (await StatusAsync("POST", "/v1/admin-keys", key)).Should().Be(HttpStatusCode.Created);
    }

    [Test]
    public async Task ADeletion_OfAnotherProducersKey_IsNotFound()
    {
        await server.JsonAsync("PUT", "/v1/producers/other", RunningServer.AdminKey, """{"checkBackUrl":"http://127.0.0.1:9/"}""");
        var id = (string)(await server.JsonAsync("POST", "/v1/producers/shop/keys", RunningServer.AdminKey))["keyId"]!;

        (await StatusAsync("DELETE", $"/v1/producers/other/keys/{id}", RunningServer.AdminKey)).Should().Be(HttpStatusCode.NotFound);
        (await StatusAsync("DELETE", $"/v1/admin-keys/{id}", RunningServer.AdminKey)).Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task TheList_ShowsNoKey()
    {
        var made = await server.JsonAsync("POST", "/v1/producers/shop/keys", RunningServer.AdminKey);

        var list = await server.JsonAsync("GET", "/v1/producers/shop/keys", RunningServer.AdminKey);

        list.ToJsonString().Should().Contain((string)made["keyId"]!).And.NotContain("txk_");
    }

    [Test]
    public async Task TheStore_HoldsNoKey()
    {
        var key = (string)(await server.JsonAsync("POST", "/v1/producers/shop/keys", RunningServer.AdminKey))["key"]!;

        foreach (var file in Directory.EnumerateFiles(folder.Path, "txmsg.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(key)).Should().Be(-1);
        }
    }

    [TestCase(null)]
    [TestCase("Bearer")]
    [TestCase("Bearer ")]
    [TestCase("Bearer guess")]
    [TestCase("Basic " + RunningServer.AdminKey)]
    [TestCase(RunningServer.AdminKey)]
    public async Task ACall_WithoutAKnownKey_IsRefused(string? authorization)
    {
        using var response = await server.SendAsync("GET", "/v1/producers", headers: authorization is null ? [] : [("Authorization", authorization)]);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().Should().StartWith("Bearer");
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [TestCase("/health/live", HttpStatusCode.OK)]
    [TestCase("/openapi/v1.json", HttpStatusCode.OK)]
    [TestCase("/docs/", HttpStatusCode.OK)]
    [TestCase("/nothing", HttpStatusCode.NotFound)]
    [TestCase("/metrics", HttpStatusCode.Unauthorized)]
    [TestCase("/v1/stats", HttpStatusCode.Unauthorized)]
    public async Task AStranger_SeesOnlyWhatIsHarmless(string path, HttpStatusCode status) => (await StatusAsync("GET", path)).Should().Be(status);

    private async Task<HttpStatusCode> StatusAsync(string method, string path, string? key = null, string? json = null)
    {
        using var response = await server.SendAsync(method, path, key, json);
        return response.StatusCode;
    }
}
