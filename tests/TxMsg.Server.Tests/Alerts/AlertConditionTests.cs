using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Alerts;

public sealed class AlertConditionTests : AlertFixture
{
    [Test]
    public async Task AParkedMessage_RaisesOneForItsProducer()
    {
        await Store.AddMessageAsync(1, age: TimeSpan.FromSeconds(40));
        await Store.AddMessageAsync(1, age: TimeSpan.FromSeconds(10));

        await RunAsync();

        Told.Should().Equal("parked shop raised");
        var body = Inbox.Requests.Single().Json;
        body.GetProperty("count").GetInt64().Should().Be(2);
        body.GetProperty("ageSeconds").GetDouble().Should().Be(40);
        body.GetProperty("detail").GetString().Should().StartWith("2 half messages of producer shop are parked:");
        body.GetProperty("raisedAt").GetDateTimeOffset().Should().Be(Store.Time.GetUtcNow());
        body.GetProperty("at").GetDateTimeOffset().Should().Be(Store.Time.GetUtcNow());
    }

    [Test]
    public async Task ADeadLetter_RaisesOneForItsSubscription()
    {
        await Store.AddDeliveryAsync(3, age: TimeSpan.FromSeconds(5), subscription: 2);

        await RunAsync();

        Told.Should().Equal("deadLettered stock raised");
        var body = Inbox.Requests.Single().Json;
        body.GetProperty("ageSeconds").GetDouble().Should().Be(5);
        body.GetProperty("detail").GetString().Should().Be("A delivery to subscription stock is a dead letter. It waits to be redelivered or discarded.");
    }

    [Test]
    public async Task AHalfMessage_RaisesOneWhenItHasWaitedTooLong()
    {
        await Store.AddMessageAsync(0);
        Store.Time.Advance(Options.OldestPreparedAfter - TimeSpan.FromSeconds(1));
        await RunAsync();
        Told.Should().BeEmpty();

        Store.Time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync();

        Told.Should().Equal("oldestPrepared shop raised");
    }

    [Test]
    public async Task APendingDelivery_RaisesOneWhenItHasWaitedTooLong()
    {
        await Store.AddDeliveryAsync(0);
        Store.Time.Advance(Options.OldestPendingAfter - TimeSpan.FromSeconds(1));
        await RunAsync();
        Told.Should().BeEmpty();

        Store.Time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync();

        Told.Should().Equal("oldestPending billing raised");
    }

    [Test]
    public async Task ADelay_IsNoWaiting()
    {
        await Store.AddDeliveryAsync(0, delay: TimeSpan.FromHours(1));
        Store.Time.Advance(TimeSpan.FromHours(1));

        await RunAsync();

        Told.Should().BeEmpty();
    }

    [Test]
    public async Task AFailingDelivery_RaisesOneBehindAnyNumberThatAreDelayed()
    {
        for (var i = 0; i < 150; i++) await Store.AddDeliveryAsync(0, delay: TimeSpan.FromDays(1));
        await Store.AddDeliveryAsync(0, age: Options.OldestPendingAfter);
        await Store.ExecuteAsync($"UPDATE deliveries SET attempts = 1, due_at = {Store.Now + 3_600_000} WHERE id = (SELECT MAX(id) FROM deliveries)");
        await Store.AddDeliveryAsync(0, delay: TimeSpan.FromMinutes(10));

        await RunAsync();

        Told.Should().Equal("oldestPending billing raised");
    }

    [Test]
    public async Task ADeletedSubscription_RaisesNothing()
    {
        await Store.AddDeliveryAsync(3);
        await Store.ExecuteAsync("UPDATE subscriptions SET state = 2; UPDATE registry SET version = version + 1");
        await Store.Registry.RefreshAsync(CancellationToken.None);

        (await RunAsync()).Active.Should().Be(0);
    }

    [Test]
    public async Task AllAtOnce_RaiseOneEach()
    {
        await Store.AddMessageAsync(1);
        await Store.AddMessageAsync(0, age: TimeSpan.FromHours(1));
        await Store.AddDeliveryAsync(3);
        await Store.AddDeliveryAsync(0, age: TimeSpan.FromHours(1), subscription: 2);

        await RunAsync();

        Told.Should().BeEquivalentTo("parked shop raised", "oldestPrepared shop raised", "deadLettered billing raised", "oldestPending stock raised");
    }
}
