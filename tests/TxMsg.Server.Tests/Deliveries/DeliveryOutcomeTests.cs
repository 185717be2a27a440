using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Deliveries;

/// <summary>What came of an attempt, while the store cannot take it.</summary>
public sealed class DeliveryOutcomeTests
{
    private const long Leased = 1, Delivered = 2;

    private TestNode node = null!;
    private Inbox inbox = null!;

    [SetUp]
    public async Task StartAsync()
    {
        inbox = await Inbox.OpenAsync();
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
        await node.SubscribeAsync(endpoint: inbox.Url);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await node.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task WorkAsync_WhenTheStoreFailsForAMoment_RecordsItWithoutSendingAgain()
    {
        var way = await node.CommitUnsentAsync();
        var failures = 0;
        node.Break.OnApply = () =>
        {
            if (++failures <= 3) throw new SqliteException("no space", 13);
        };
        await WorkAsync(way.Leased!, way.Outlet!);

        await Eventually.HoldsAsync(async () =>
        {
            // It waits a moment before each try.
            node.Time.Advance(TimeSpan.FromMilliseconds(100));
            (await node.StateOfDeliveryAsync(way.Leased!.Id)).Should().Be(Delivered);
            ShouldHoldNothing();
        });
        failures.Should().BeGreaterThan(3);
        inbox.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task WorkAsync_WhenTheStoreFailsForLongerThanTheLease_RecordsItWithoutSendingAgain()
    {
        var way = await node.CommitUnsentAsync();
        node.Break.OnApply = static () => throw new SqliteException("no space", 13);
        await WorkAsync(way.Leased!, way.Outlet!);
        node.Time.Advance(TimeSpan.FromMinutes(5));
        node.Outlets.Held.Should().Be(1, "what came of it may still be recorded");
        node.Break.OnApply = static () => { };

        await Eventually.HoldsAsync(async () =>
        {
            node.Time.Advance(TimeSpan.FromMilliseconds(100));
            (await node.StateOfDeliveryAsync(way.Leased!.Id)).Should().Be(Delivered);
            ShouldHoldNothing();
        });
        inbox.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task WorkAsync_WhenTheStoreFailsUntilAnotherHasTakenItOver_GivesItsRoomBack()
    {
        var way = await node.CommitUnsentAsync();
        node.Break.OnApply = static () => throw new SqliteException("no space", 13);
        await WorkAsync(way.Leased!, way.Outlet!);
        node.Time.Advance(TimeSpan.FromMinutes(5));
        await node.ExecuteAsync("UPDATE deliveries SET lease_token = 4711");
        node.Break.OnApply = static () => { };

        await Eventually.HoldsAsync(() =>
        {
            node.Time.Advance(TimeSpan.FromMilliseconds(100));
            ShouldHoldNothing();
        });
        (await node.StateOfDeliveryAsync(way.Leased!.Id)).Should().Be(Leased, "it is the other's");
    }

    [Test]
    public async Task WorkAsync_WhenThisNodeIsTakingItAnew_RecordsItUnderTheNewLease()
    {
        var way = await node.CommitUnsentAsync();
        var read = new TaskCompletionSource();
        var claim = way.Outlet!.ClaimAsync(() => TakeAnewAsync(way, read.Task));

        await WorkAsync(way.Leased!, way.Outlet!);
        // Written behind the outcome: the store has refused that by now.
        await node.PrepareAsync();
        (await node.StateOfDeliveryAsync(way.Leased!.Id)).Should().Be(Leased);
        read.SetResult();
        await claim;

        await Eventually.HoldsAsync(async () =>
        {
            (await node.StateOfDeliveryAsync(way.Leased!.Id)).Should().Be(Delivered);
            ShouldHoldNothing();
        });
        inbox.Requests.Should().ContainSingle();
    }

    // The claim is durable before it is read.
    private async Task<int> TakeAnewAsync(FannedOut.Way way, Task read)
    {
        way.Outlet!.TryReserve().Should().BeTrue();
        await node.ExecuteAsync("UPDATE deliveries SET lease_token = 4711");
        await read;
        way.Outlet!.Accept(Leasing.Again(way.Leased!, 4711, node.Now + 60_000));
        return 1;
    }

    private async Task WorkAsync(LeasedDelivery delivery, SubscriptionOutlet outlet)
    {
        node.Outlets.Track(delivery);
        await node.Get<DeliveryWorker>().WorkAsync(outlet, delivery);
    }

    private void ShouldHoldNothing()
    {
        node.Outlets.Held.Should().Be(0);
        node.Outlets.Leased.Should().BeEmpty();
    }
}
