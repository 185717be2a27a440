using System.Net;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Access;

public sealed class TrustedProxyTests
{
    private static readonly (string, string) ByTls = ("X-Forwarded-Proto", "https");
    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("127.0.0.0/8", true)]
    [TestCase("10.0.0.0/8,127.0.0.1/32", true)]
    [TestCase("10.0.0.0/8", false)]
    [TestCase(null, false)]
    public async Task Cookies_AreSecureWhereATrustedProxySaysSo(string? proxies, bool secure)
    {
        await using var server = await StartAsync(proxies);

        using var page = await server.SendAsync("GET", "/sign-in", headers: ByTls);

        page.Headers.GetValues("Set-Cookie").Single().Contains("secure", StringComparison.Ordinal).Should().Be(secure);
    }

    [Test]
    public async Task SignIns_AreCountedByTheAddressThatTheProxySaw()
    {
        await using var server = await StartAsync("127.0.0.0/8");
        // the caller may write what it likes before what the proxy adds
        for (var i = 0; i < 10; i++) (await GuessAsync(server, $"198.51.100.{i}, 203.0.113.1")).Should().Be(HttpStatusCode.BadRequest);

        (await GuessAsync(server, "198.51.100.99, 203.0.113.1")).Should().Be(HttpStatusCode.TooManyRequests);
        (await GuessAsync(server, "203.0.113.2")).Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task SignIns_WithoutATrustedProxy_AreCountedByTheConnection()
    {
        await using var server = await StartAsync(null);
        for (var i = 0; i < 10; i++) await GuessAsync(server, $"203.0.113.{i}");

        (await GuessAsync(server, "203.0.113.99")).Should().Be(HttpStatusCode.TooManyRequests);
    }

    [TestCase("10.0.0.1", "has '10.0.0.1'")]
    [TestCase("10.0.0.1/8", "has '10.0.0.1/8'")]
    [TestCase("proxy", "has 'proxy'")]
    [TestCase("010.0.0.0/8", "has '010.0.0.0/8'")]
    public async Task AWrongNetwork_IsNamed(string proxies, string what) =>
        (await RunningServer.FailAsync(folder, [.. RunningServer.WithKeys, $"--TxMsg:Access:TrustedProxies={proxies}"]))
            .Should().StartWith($"TxMsg cannot start: TxMsg:Access:TrustedProxies {what}; it must be CIDR networks such as 10.0.0.0/8, and only in ApiKeys mode.");

    [Test]
    public async Task InLoopbackMode_NoProxyIsTrusted() =>
        (await RunningServer.FailAsync(folder, "--TxMsg:Access:TrustedProxies=127.0.0.0/8"))
            .Should().StartWith("TxMsg cannot start: TxMsg:Access:TrustedProxies is set in Loopback mode;");

    private Task<RunningServer> StartAsync(string? proxies) =>
        RunningServer.StartAsync(folder, [.. RunningServer.WithKeys, .. proxies is null ? [] : (string[])[$"--TxMsg:Access:TrustedProxies={proxies}"]]);

    private static async Task<HttpStatusCode> GuessAsync(RunningServer server, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent([KeyValuePair.Create("key", "guess")]) };
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var response = await server.Http.SendAsync(request);
        return response.StatusCode;
    }
}
