using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Dashboard;

/// <summary>The audit's page where few of many entries are wanted: a search stops after some thousands of rows, and says so.</summary>
public sealed partial class AuditPageTests
{
    private TestFolder folder = null!;
    private RunningServer server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder);
        // Neither the actor nor the action alone leads to the few.
        await AddAsync("""
            WITH RECURSIVE numbers (number) AS (SELECT 10 UNION ALL SELECT number + 1 FROM numbers WHERE number < 12010)
            INSERT INTO operator_actions (at, actor, action) SELECT number, IIF(number % 2 = 0, 'alice', 'bob'), IIF(number % 2 = 0, 'discard', 'redeliver') FROM numbers;
            INSERT INTO operator_actions (at, actor, action, reason) VALUES (1, 'alice', 'redeliver', 'the oldest of all');
            """);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task AnEmptyPage_ThatIsNotTheLast_SaysHowFarItWent_AndGoesOn()
    {
        var page = await PageAsync("/hangfire/txmsg/audit?actor=alice&action=redeliver");

        page.Should().Contain("Nothing was found so far").And.NotContain("There is nothing here").And.NotContain("the oldest of all");
        Time().IsMatch(page).Should().BeTrue();
        var next = await PageAsync(WebUtility.HtmlDecode(GoOn().Match(page).Groups[1].Value));
        next.Should().Contain("the oldest of all").And.NotContain("data-searched-to");
    }

    [Test]
    public async Task AShortPage_ThatIsNotTheLast_SaysThatThereMayBeMore()
    {
        await AddAsync("INSERT INTO operator_actions (at, actor, action, reason) VALUES (20000, 'alice', 'redeliver', 'the newest of all')");

        var page = await PageAsync("/hangfire/txmsg/audit?actor=alice&action=redeliver");

        page.Should().Contain("the newest of all").And.Contain("There may be more").And.NotContain("the oldest of all");
        GoOn().Matches(page).Should().ContainSingle();
    }

    private async Task AddAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={folder.Database}");
        await connection.ExecuteAsync(sql);
    }

    private async Task<string> PageAsync(string path)
    {
        using var response = await server.SendAsync("GET", path);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("rel=\"next\" href=\"([^\"]*)")]
    private static partial Regex GoOn();

    [GeneratedRegex("data-searched-to>[^<]*<time datetime=\"1970-01-01T00:00:0")]
    private static partial Regex Time();
}
