using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.BulkActions;

/// <summary>A verdict is final: nobody decides more than was counted when the question was asked.</summary>
[NonParallelizable]
public sealed class CountedBulkActionTests
{
    private Inbox inbox = null!;
    private TestCoordinator coordinator = null!;

    [SetUp]
    public async Task StartAsync()
    {
        inbox = await Inbox.OpenAsync();
        coordinator = TestCoordinator.Start(("TxMsg:CheckBacks:SweepInterval", "01:00:00"));
        await coordinator.RegisterAsync("shop", "billing", "orders", inbox.Url);
        for (var i = 0; i < 2; i++) await coordinator.PrepareAsync("shop", "orders");
        await coordinator.ExecuteAsync("UPDATE messages SET check_back_at = 1 WHERE seq = (SELECT MAX(seq) FROM messages)");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await coordinator.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task WhenMoreMatchThanWereCounted_NothingIsDone_AndTheNewNumberIsSaid()
    {
        var counted = await CountAsync();
        counted.GetProperty("count").GetInt64().Should().Be(1);
        await coordinator.ExecuteAsync("UPDATE messages SET check_back_at = 1");

        using var refused = await StartAsync(counted);

        refused.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString().Should().Be("2 match now; 1 were counted. Nothing was done.");
        (await coordinator.Http.GetFromJsonAsync<JsonElement>("/v1/bulk-actions")).GetProperty("items").EnumerateArray().Should().BeEmpty();
        using var accepted = await StartAsync(await CountAsync());
        accepted.StatusCode.Should().Be(HttpStatusCode.Accepted);
    }

    [Test]
    public async Task WhoHasNotCounted_IsNotRefused()
    {
        await coordinator.ExecuteAsync("UPDATE messages SET check_back_at = 1");

        using var accepted = await StartAsync(null);

        accepted.StatusCode.Should().Be(HttpStatusCode.Accepted);
        (await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("total").GetInt64().Should().Be(2);
    }

    [Test]
    public async Task ThePage_SendsTheCountWithAVerdict()
    {
        var page = await coordinator.Http.GetStringAsync("/hangfire/txmsg/undecided?producer=shop");

        page.Split("data-sends-count=\"yes\"").Should().HaveCount(3, "all can be committed and rolled back");
    }

    private async Task<JsonElement> CountAsync()
    {
        using var answer = await coordinator.Http.PostAsJsonAsync("/v1/bulk-actions/count", new { kind = "commit", filter = new { producer = "shop" } });
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task<HttpResponseMessage> StartAsync(JsonElement? counted) =>
        coordinator.Http.PostAsJsonAsync("/v1/bulk-actions", new { kind = "commit", filter = new { producer = "shop" }, reason = "because", counted });
}
