using System.Net;
using System.Text.Json.Nodes;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Http;

public sealed class ReasonTests
{
    private TestFolder folder = null!;
    private RunningServer server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [TestCase("/v1/messages/0198a5c4-0000-7000-8000-000000000001/commit")]
    [TestCase("/v1/messages/0198a5c4-0000-7000-8000-000000000001/rollback")]
    [TestCase("/v1/messages/0198a5c4-0000-7000-8000-000000000001/check-back")]
    [TestCase("/v1/dead-letters/redeliver")]
    [TestCase("/v1/dead-letters/discard")]
    [TestCase("/v1/subscriptions/nobody/pause")]
    [TestCase("/v1/subscriptions/nobody/resume")]
    [TestCase("/v1/subscriptions/nobody/rotate-secret")]
    [TestCase("/v1/producers/nobody/rotate-secret")]
    [TestCase("/v1/producers/nobody/keys")]
    public async Task AReason_HasAtMostAThousandCharacters(string path)
    {
        var subscription = path.Contains("dead-letters", StringComparison.Ordinal) ? "\"subscription\":\"nobody\"," : "";
        using var fits = await server.SendAsync("POST", path, json: $"{{{subscription}\"reason\":\"{new string('x', 1000)}\"}}");
        using var tooLong = await server.SendAsync("POST", path, json: $"{{{subscription}\"reason\":\"{new string('x', 1001)}\"}}");

        fits.StatusCode.Should().Be(HttpStatusCode.NotFound, "nothing is wrong but that there is no such thing");
        tooLong.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        JsonNode.Parse(await tooLong.Content.ReadAsStringAsync())!["errors"]!["reason"]!.ToJsonString().Should().Be("[\"At most 1000 characters.\"]");
    }
}
