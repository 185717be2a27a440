using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Observability;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Observability;

public sealed class StatsTests
{
    private TestStore store = null!;

    [SetUp]
    public async Task OpenAsync() => store = await TestStore.OpenAsync();

    [TearDown]
    public async Task CloseAsync() => await store.DisposeAsync();

    [Test]
    public async Task AnEmptyStore_CountsNothing()
    {
        var sample = await ReadAsync();

        sample.Undecided.Should().BeEquivalentTo(new UndecidedCounts());
        sample.OldestPreparedAgeSeconds.Should().BeNull();
        sample.Subscriptions.Should().OnlyContain(row => row.Counts.Pending == 0 && row.OldestPendingAt == null);
        sample.FinishedAs("committed").Should().Be(0);
    }

    [Test]
    public async Task WhatIsInPlay_IsCountedWithItsAge()
    {
        await store.AddMessageAsync(0, age: TimeSpan.FromSeconds(90));
        await store.AddMessageAsync(0, age: TimeSpan.FromSeconds(30));
        await store.AddMessageAsync(1, age: TimeSpan.FromHours(3));
        await store.AddDeliveryAsync(0, age: TimeSpan.FromSeconds(45), subscription: 2);
        await store.AddDeliveryAsync(1, subscription: 2);
        await store.AddDeliveryAsync(3, subscription: 2);
        await store.ExecuteAsync("INSERT INTO counters (shard, name, value) VALUES (0, 'committed', 7), (1, 'committed', 5), (0, 'delivered', -1)");

        var sample = await ReadAsync();

        sample.Undecided.Prepared.Should().Be(2);
        sample.Undecided.Parked.Should().Be(1);
        sample.OldestPreparedAgeSeconds.Should().Be(90);
        sample.FinishedAs("committed").Should().Be(12);
        sample.FinishedAs("delivered").Should().Be(0, "a count never shows as less than nothing");
        var stock = sample.Subscriptions.Single(row => row.Subscription.Name == "stock");
        stock.Counts.Should().Be(new Subscriptions.BacklogCounts { Pending = 1, Leased = 1, DeadLettered = 1 });
        sample.AgeSeconds(stock.OldestPendingAt).Should().Be(45);
    }

    [Test]
    public async Task ADelayedMessage_DoesNotHideWhatWaitsBehindIt()
    {
        await store.AddDeliveryAsync(0, age: TimeSpan.FromMinutes(1), delay: TimeSpan.FromDays(2));
        await store.AddDeliveryAsync(0, age: TimeSpan.FromSeconds(20));

        var sample = await ReadAsync();

        sample.AgeSeconds(sample.Subscriptions[0].OldestPendingAt).Should().Be(20);
    }

    [Test]
    public async Task ManyDelayedMessages_DoNotHideWhatIsDue()
    {
        for (var i = 0; i < 120; i++) await store.AddDeliveryAsync(0, age: TimeSpan.FromMinutes(1), delay: TimeSpan.FromDays(2));
        await store.AddDeliveryAsync(0, age: TimeSpan.FromSeconds(20));

        var sample = await ReadAsync();

        sample.AgeSeconds(sample.Subscriptions[0].OldestPendingAt).Should().Be(20);
    }

    [Test]
    public async Task OnlyDelayedMessages_HaveNoAge()
    {
        await store.AddDeliveryAsync(0, delay: TimeSpan.FromDays(2));

        var sample = await ReadAsync();

        sample.AgeSeconds(sample.Subscriptions[0].OldestPendingAt).Should().Be(0);
    }

    [Test]
    public async Task ARedeliveredDeadLetter_WaitsSinceItsRedelivery()
    {
        await store.AddDeliveryAsync(0, age: TimeSpan.FromDays(1));
        await store.ExecuteAsync($"UPDATE deliveries SET attempts = 9, schedule_start = 9, due_at = {store.Time.GetUtcNow().AddSeconds(-3).ToUnixTimeMilliseconds()}");

        var sample = await ReadAsync();

        sample.AgeSeconds(sample.Subscriptions[0].OldestPendingAt).Should().Be(3, "its message is a day old, and nothing has waited for it so long");
    }

    private Task<StatsSample> ReadAsync() => new StatsReader(store.Database, store.Registry, store.Time).ReadAsync(CancellationToken.None);
}
