using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Alerts;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Alerts;

public sealed class AlertLifeTests : AlertFixture
{
    [Test]
    public async Task WhileItHolds_TheReceiverIsToldOnce()
    {
        await Store.AddMessageAsync(1);

        await RunForAsync(5);
        await Store.AddMessageAsync(1);
        await RunForAsync(5);

        Told.Should().Equal("parked shop raised");
    }

    [Test]
    public async Task WhenItClears_TheReceiverIsToldOnceMore()
    {
        await Store.AddMessageAsync(1);
        await RunForAsync(1);
        await Store.ExecuteAsync("UPDATE messages SET state = 3");

        await RunForAsync(4);

        Told.Should().Equal("parked shop raised", "parked shop cleared");
        var body = Inbox.Requests.Last().Json;
        body.GetProperty("count").GetInt64().Should().Be(0);
        body.GetProperty("detail").GetString().Should().Be("No half message of producer shop is parked any more.");
        (await Store.QueryAsync("SELECT * FROM alerts")).Should().BeEmpty();
    }

    [Test]
    public async Task WhenItComesBackAfterItCleared_ItIsANewOne()
    {
        await Store.AddMessageAsync(1);
        await RunForAsync(1);
        await Store.ExecuteAsync("UPDATE messages SET state = 3");
        await RunForAsync(3);
        await Store.AddMessageAsync(1);
        await RunForAsync(1);

        Told.Should().Equal("parked shop raised", "parked shop cleared", "parked shop raised");
        Inbox.Requests.Select(request => request["webhook-id"]).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task WhatComesAndGoesWithinAnInterval_IsToldOnce()
    {
        await Store.AddMessageAsync(1);
        await RunAsync();
        for (var i = 0; i < 10; i++)
        {
            await Store.ExecuteAsync("UPDATE messages SET state = 3");
            await RunAsync();
            Store.Time.Advance(Options.CheckInterval / 3);
            await Store.AddMessageAsync(1);
            await RunAsync();
        }

        Told.Should().Equal("parked shop raised");
    }

    [Test]
    public async Task AnAgeThatSwingsAboutItsLimit_IsToldOnce()
    {
        for (var i = 0; i < 6; i++)
        {
            await Store.ExecuteAsync("DELETE FROM messages");
            await Store.AddMessageAsync(0, age: Options.OldestPreparedAfter * (i % 2 == 0 ? 1.05 : 0.95));
            await RunForAsync(1);
        }

        Told.Should().Equal("oldestPrepared shop raised");
    }

    [Test]
    public async Task AnAgeBelowItsLimitThatKeepsTheAlert_IsStillAboutOneMessage()
    {
        await Store.AddMessageAsync(0, age: Options.OldestPreparedAfter);
        await RunAsync();
        await Store.ExecuteAsync("DELETE FROM messages");
        await Store.AddMessageAsync(0, age: Options.OldestPreparedAfter * 0.9);

        var kept = (await new ConditionReader(Store.Database, Store.Registry, Microsoft.Extensions.Options.Options.Create(Options), Store.Time).ReadAsync(CancellationToken.None)).Single();

        (kept.Raises, kept.Keeps, kept.Count).Should().Be((false, true, 1));
    }

    [Test]
    public async Task ARestart_RaisesNothingAgain()
    {
        await Store.AddMessageAsync(1);
        await RunAsync();

        await NewNode().RunAsync(CancellationToken.None);

        Told.Should().Equal("parked shop raised");
    }

    [Test]
    public async Task WithoutAReceiver_ItIsRaisedAndClearedAllTheSame()
    {
        Options.Url = null;
        var check = NewNode();
        await Store.AddMessageAsync(1);

        (await check.RunAsync(CancellationToken.None)).Raised.Should().Be(1);
        (await Store.QueryAsync("SELECT kind, subject, notified_at IS NOT NULL FROM alerts")).Should().Equal("parked|shop|0");
        await Store.ExecuteAsync("UPDATE messages SET state = 3");
        await check.RunAsync(CancellationToken.None);
        Store.Time.Advance(Options.CheckInterval);

        (await check.RunAsync(CancellationToken.None)).Cleared.Should().Be(1);
        Told.Should().BeEmpty();
    }

    [Test]
    public async Task AReceiverThatIsSetLater_HearsOfWhatHoldsStill()
    {
        var url = Options.Url;
        Options.Url = null;
        await Store.AddMessageAsync(1);
        await NewNode().RunAsync(CancellationToken.None);
        Options.Url = url;

        await NewNode().RunAsync(CancellationToken.None);

        Told.Should().Equal("parked shop raised");
    }
}
