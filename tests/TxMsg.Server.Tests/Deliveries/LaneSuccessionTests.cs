using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Deliveries;

/// <summary>A worker that finishes the head of a lane goes on with the next one; no dispatcher looks for it here.</summary>
public sealed class LaneSuccessionTests
{
    private TestNode node = null!;
    private Inbox inbox = null!;

    [SetUp]
    public async Task StartAsync()
    {
        inbox = await Inbox.OpenAsync();
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
        await node.SubscribeAsync(endpoint: inbox.Url, ordered: true);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await node.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task Lane_IsWorkedOff_InOrder_AndHoldsNothingThen()
    {
        var head = await node.CommitUnsentAsync("key");
        for (var i = 0; i < 9; i++) (await node.CommitUnsentAsync("key")).Outlet.Should().BeNull("it waits behind the head");

        await SendAsync(head);

        await Eventually.HoldsAsync(async () => (await CountAsync(state: 2)).Should().Be(10));
        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries a JOIN deliveries b ON a.id < b.id AND a.last_attempt_at > b.last_attempt_at")).Should().Be(0);
        await Eventually.HoldsAsync(() => node.Outlets.Held.Should().Be(0));
        node.Outlets.Leased.Should().BeEmpty();
    }

    [Test]
    public async Task Next_IsLeftToTheDispatcher_WhileOthersWaitInTheStoreForRoom()
    {
        var head = await node.CommitUnsentAsync("key");
        await node.CommitUnsentAsync("key");
        head.Outlet!.HasMoreDue = true;

        await SendAsync(head);

        await Eventually.HoldsAsync(() => node.Outlets.Held.Should().Be(0));
        (await CountAsync(state: 2)).Should().Be(1);
        (await CountAsync(state: 0)).Should().Be(1);
    }

    [Test]
    public async Task Next_OfASubscriptionThatWasPausedMeanwhile_IsGivenBack()
    {
        var head = await node.CommitUnsentAsync("key");
        await node.CommitUnsentAsync("key");
        inbox.Before = _ => node.Get<SubscriptionPauser>().PauseAsync("billing", "admin", null);

        await SendAsync(head);

        await Eventually.HoldsAsync(() => node.Outlets.Held.Should().Be(0));
        (await CountAsync(state: 2)).Should().Be(1);
        (await CountAsync(state: 0)).Should().Be(1);
        inbox.Requests.Should().ContainSingle();
    }

    private async Task SendAsync(FannedOut.Way way)
    {
        node.Outlets.Track(way.Leased!);
        await node.Get<DeliveryWorker>().WorkAsync(way.Outlet!, way.Leased!);
    }

    private Task<long?> CountAsync(int state) => node.ReadAsync($"SELECT COUNT(*) FROM deliveries WHERE state = {state}");
}
