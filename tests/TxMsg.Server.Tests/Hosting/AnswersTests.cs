using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace TxMsg.Server.Tests.Hosting;

public sealed class AnswersTests
{
    private TestFolder folder = null!;
    private RunningServer server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder, app => app.MapGet("/fails", new Func<string>(() => throw new InvalidOperationException("a secret of the inside"))));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task AFault_IsAProblemThatTellsNothing()
    {
        using var response = await server.SendAsync("GET", "/fails");

        var problem = await ShouldBeAProblemAsync(response, HttpStatusCode.InternalServerError);
        problem.ToJsonString().Should().NotContain("secret").And.NotContain("Exception");
    }

    [Test]
    public async Task AnUnknownPath_IsAProblem()
    {
        using var response = await server.SendAsync("GET", "/v1/nothing");

        await ShouldBeAProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Test]
    public async Task AWrongMethod_IsAProblemThatSaysWhichAreRight()
    {
        using var response = await server.SendAsync("PATCH", "/v1/producers");

        await ShouldBeAProblemAsync(response, HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.Should().Equal("GET");
    }

    [Test]
    public async Task AChunkLongerThanAnyNumber_IsRefused()
    {
        const string Head = "POST /v1/verdicts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

        (await RawAsync(Head + "ffffffffffffffff\r\na")).Should().StartWith("HTTP/1.1 400").And.Contain("application/problem+json").And.Contain("Connection: close");
    }

    [TestCase("multipart/form-data")]
    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("application/x-www-form-urlencoded; charset=utf-7")]
    public async Task AFormThatIsNone_IsRefusedByTheDashboard(string type)
    {
        var answer = await RawAsync($"POST /hangfire/txmsg/dead-letters HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: 3\r\n\r\nabc");

        answer.Should().StartWith("HTTP/1.1 400").And.Contain("application/problem+json");
    }

    [Test]
    public async Task HeadersWithoutEnd_AreRefused()
    {
        (await RawAsync($"GET /v1/producers HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('x', 20_000)}\r\n\r\n")).Should().StartWith("HTTP/1.1 431");
    }

    [Test]
    public async Task ABodyThatIsNoBody_IsAProblem()
    {
        var answer = await RawAsync("PUT /v1/producers/shop HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n");

        answer.Should().StartWith("HTTP/1.1 400").And.Contain("application/problem+json").And.Contain("Connection: close");
    }

    [Test]
    public async Task TheServer_DoesNotSayWhatItIsMadeOf()
    {
        using var response = await server.SendAsync("GET", "/v1/producers");

        response.Headers.Contains("Server").Should().BeFalse();
        response.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
    }

    private static async Task<JsonNode> ShouldBeAProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        response.StatusCode.Should().Be(status);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        problem["status"]!.GetValue<int>().Should().Be((int)status);
        problem["title"]!.GetValue<string>().Should().NotBeEmpty();
        return problem;
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Http.BaseAddress!.Host, server.Http.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[8192];
        var length = await stream.ReadAsync(buffer);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
