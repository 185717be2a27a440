using System.Net;
using System.Net.Http.Headers;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Access;

/// <summary>A method or a content type that a path does not take: whoever has a key is told that, not that the key is the wrong one.</summary>
public sealed class RouterRefusalTests
{
    private TestFolder folder = null!;
    private RunningServer server = null!;
    private string[] keys = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder, RunningServer.WithKeys);
        await server.JsonAsync("PUT", "/v1/producers/shop", RunningServer.AdminKey, """{"checkBackUrl":"http://127.0.0.1:9/"}""");
        var producer = await server.JsonAsync("POST", "/v1/producers/shop/keys", RunningServer.AdminKey);
        var viewer = await server.JsonAsync("POST", "/v1/admin-keys", RunningServer.AdminKey, """{"role":"viewer"}""");
        keys = [(string)producer["key"]!, (string)viewer["key"]!, RunningServer.AdminKey];
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [TestCase("DELETE", "/v1/messages")]
    [TestCase("GET", "/v1/verdicts")]
    [TestCase("PATCH", "/v1/producers")]
    public async Task AWrongMethod_WithAnyKey_IsCalledThat(string method, string path)
    {
        foreach (var key in keys)
        {
            using var response = await server.SendAsync(method, path, key);
            response.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
            response.Content.Headers.Allow.Should().NotBeEmpty();
        }
    }

    [TestCase("/v1/messages")]
    [TestCase("/v1/verdicts")]
    [TestCase("/v1/dead-letters/redeliver")]
    public async Task AWrongContentType_WithAnyKey_IsCalledThat(string path)
    {
        foreach (var key in keys) (await PostTextAsync(path, key)).Should().Be(HttpStatusCode.UnsupportedMediaType);
    }

    [Test]
    public async Task AWrongMethod_WithoutAKey_IsNotAnswered()
    {
        (await StatusAsync("DELETE", "/v1/messages")).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync("DELETE", "/v1/messages", "guess")).Should().Be(HttpStatusCode.Unauthorized);
        (await PostTextAsync("/v1/messages", null)).Should().Be(HttpStatusCode.Unauthorized);
    }

    [TestCase("POST", "/health/live")]
    [TestCase("POST", "/health/ready/")]
    [TestCase("PATCH", "/sign-in")]
    [TestCase("POST", "/openapi/v1.json")]
    public async Task AWrongMethod_WhereNoKeyIsNeeded_NeedsNone(string method, string path) =>
        (await StatusAsync(method, path)).Should().Be(HttpStatusCode.MethodNotAllowed);

    [Test]
    public async Task AWrongMethod_OfWhoHasSignedIn_NeedsNoToken()
    {
        using var browser = new Browser(server.Http.BaseAddress!);
        (await browser.SignInAsync(RunningServer.AdminKey)).Dispose();

        (await browser.StatusAsync("PATCH", "/v1/producers")).Should().Be(HttpStatusCode.MethodNotAllowed);
        (await browser.StatusAsync("PUT", "/v1/producers/shop", json: "{}")).Should().Be(HttpStatusCode.Forbidden, "what changes something needs one");
    }

    private async Task<HttpStatusCode> StatusAsync(string method, string path, string? key = null)
    {
        using var response = await server.SendAsync(method, path, key);
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> PostTextAsync(string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("text") };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Http.SendAsync(request);
        return response.StatusCode;
    }
}
