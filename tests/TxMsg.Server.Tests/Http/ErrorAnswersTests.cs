using System.Text;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.Http;
using TxMsg.Server.Observability;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.Sqlite;
using TxMsg.Server.Storage.SqlServer;
using TxMsg.Server.Tests.Hosted;
using KeptLog = TxMsg.Server.Tests.Hosting.KeptLog;

namespace TxMsg.Server.Tests.Http;

public sealed class ErrorAnswersTests
{
    [Test]
    public async Task AReadOfAStoreThatIsOutOfReach_MayBeTriedAgain()
    {
        var context = await AnswerAsync(async folder =>
        {
            await using var connection = new SqliteConnection($"Data Source={folder.Path}/missing/txmsg.db;Mode=ReadWrite");
            await connection.OpenAsync();
        });

        context.Response.StatusCode.Should().Be(503);
        context.Response.Headers.RetryAfter.ToString().Should().Be("1");
        Body(context).Should().Contain("urn:txmsg:problem:store-unavailable");
    }

    [Test]
    public async Task AReadThatGotNoConnectionOfThePool_MayBeTriedAgain()
    {
        await using var database = new SqlServerDatabase("Server=db.example;Database=messages;User ID=app;Password=secret");

        var context = await AnswerAsync(database, () => Task.FromException(new NoFreeConnectionException(new InvalidOperationException())));

        context.Response.StatusCode.Should().Be(503);
        context.Response.Headers.RetryAfter.ToString().Should().Be("1");
        Body(context).Should().Contain("urn:txmsg:problem:store-unavailable");
    }

    [Test]
    public async Task AStatementThatTheStoreRefuses_IsAnErrorOfTheServer()
    {
        var context = await AnswerAsync(async folder =>
        {
            await using var connection = new SqliteConnection(folder.ConnectionString + ";Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT * FROM no_such_table";
            await command.ExecuteScalarAsync();
        });

        context.Response.StatusCode.Should().Be(500);
        Body(context).Should().Contain("urn:txmsg:problem:internal-error").And.NotContain("no_such_table", "what the store says may hold what is stored");
    }

    [Test]
    public async Task RequestsWhileTheStoreIsAway_AreLoggedTogether()
    {
        using var log = new KeptLog();
        var time = new FakeTimeProvider();
        using var folder = new TestFolder();
        await using var database = new SqliteDatabase(folder.ConnectionString);
        var answers = new ErrorAnswers(_ => throw new SqliteException("disk I/O error", 10), database, time, new LoggerFactory([log]).CreateLogger<ErrorAnswers>());

        for (var i = 0; i < 1000; i++) await answers.InvokeAsync(new DefaultHttpContext());
        log.Entries.Should().ContainSingle("a dashboard that is left open would fill the disk");
        time.Advance(LogThrottle.OfFailures);
        await answers.InvokeAsync(new DefaultHttpContext());

        log.Entries.Should().HaveCount(2);
        log.Entries.Last().Should().Contain(": 1000,", "none goes uncounted");
    }

    [Test]
    public async Task WhatNothingForesaw_IsLoggedEachTime()
    {
        using var log = new KeptLog();
        using var folder = new TestFolder();
        await using var database = new SqliteDatabase(folder.ConnectionString);
        var answers = new ErrorAnswers(_ => throw new InvalidOperationException("the test's"), database, new FakeTimeProvider(), new LoggerFactory([log]).CreateLogger<ErrorAnswers>());

        for (var i = 0; i < 3; i++) await answers.InvokeAsync(new DefaultHttpContext());

        log.Entries.Should().HaveCount(3);
    }

    private static async Task<HttpContext> AnswerAsync(Func<TestFolder, Task> handle)
    {
        using var folder = new TestFolder();
        await using var database = new SqliteDatabase(folder.ConnectionString);
        return await AnswerAsync(database, () => handle(folder));
    }

    private static async Task<HttpContext> AnswerAsync(StoreDatabase database, Func<Task> handle)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await new ErrorAnswers(_ => handle(), database, TimeProvider.System, NullLogger<ErrorAnswers>.Instance).InvokeAsync(context);
        return context;
    }

    private static string Body(HttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
}
