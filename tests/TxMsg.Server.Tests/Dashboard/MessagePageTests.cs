using System.Net;
using Dapper;
using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Dashboard;

public sealed class MessagePageTests
{
    private TestFolder folder = null!;
    private RunningServer server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task AMessageWhosePayloadIsDamaged_IsShownWithoutIt_AndCanBeDecided()
    {
        var id = Guid.NewGuid();
        await server.JsonAsync("PUT", "/v1/producers/shop", json: """{"checkBackUrl":"http://127.0.0.1:9/check-back"}""");
        await server.JsonAsync("POST", "/v1/messages", json: $$"""{"id":"{{id}}","producer":"shop","topic":"orders","payload":["secret","of the payload"]}""");
        var path = $"/hangfire/txmsg/messages/{id}";
        (await PageAsync(path)).Should().Contain("of the payload").And.NotContain("The content is not what was stored");

        await using (var connection = new SqliteConnection($"Data Source={folder.Database}"))
            await connection.ExecuteAsync("""UPDATE message_contents SET payload = CAST(replace(CAST(payload AS TEXT), 'secret', 'sacred') AS BLOB)""");

        var page = await PageAsync(path);
        page.Should().Contain("The content is not what was stored").And.NotContain("of the payload");
        page.Should().Contain($"/v1/messages/{id}/rollback", "the buttons are still there");
        using var payload = await server.SendAsync("GET", $"/v1/messages/{id}/payload");
        payload.StatusCode.Should().Be(HttpStatusCode.InternalServerError, "a program must not take it for what was sent");
    }

    private async Task<string> PageAsync(string path)
    {
        using var response = await server.SendAsync("GET", path);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }
}
