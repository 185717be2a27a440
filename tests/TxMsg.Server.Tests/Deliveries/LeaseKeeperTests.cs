using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Deliveries;

public sealed class LeaseKeeperTests
{
    private TestNode node = null!;

    [SetUp]
    public async Task StartAsync()
    {
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
        await node.SubscribeAsync();
    }

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [Test]
    public async Task RenewAsync_OfAYoungLease_LeavesIt()
    {
        await HoldAsync();
        node.Time.Advance(TimeSpan.FromSeconds(20));

        (await RenewAsync()).Should().Be(0);
    }

    [Test]
    public async Task RenewAsync_PastAThird_RenewsInStoreAndMemory()
    {
        var delivery = await HoldAsync();
        node.Time.Advance(TimeSpan.FromSeconds(20.001));

        (await RenewAsync()).Should().Be(1);

        delivery.LeasedUntil.Should().Be(node.Now + 60_000);
        (await node.ReadAsync("SELECT due_at FROM deliveries")).Should().Be(node.Now + 60_000);
    }

    [TestCase("UPDATE deliveries SET lease_token = 4711")]
    [TestCase("UPDATE deliveries SET state = 0, lease_token = NULL")]
    [TestCase("DELETE FROM deliveries")]
    public async Task RenewAsync_OfALeaseThatIsLost_DropsIt(string loss)
    {
        var delivery = await HoldAsync();
        await node.ExecuteAsync(loss);
        node.Time.Advance(TimeSpan.FromSeconds(30));
        var until = delivery.LeasedUntil;

        await RenewAsync();

        node.Outlets.Holds(delivery).Should().BeFalse();
        delivery.LeasedUntil.Should().Be(until);
    }

    [Test]
    public async Task RenewAsync_OfALeaseThatThisNodeMayBeTakingAnew_KeepsItUntilThatIsKnown()
    {
        var way = await node.CommitUnsentAsync();
        node.Outlets.Track(way.Leased!);
        await node.ExecuteAsync("UPDATE deliveries SET lease_token = 4711");
        node.Time.Advance(TimeSpan.FromSeconds(30));
        var read = new TaskCompletionSource<int>();
        var claim = way.Outlet!.ClaimAsync(() => read.Task);

        await RenewAsync();
        node.Outlets.Holds(way.Leased!).Should().BeTrue();

        read.SetResult(0);
        await claim;
        await RenewAsync();
        node.Outlets.Holds(way.Leased!).Should().BeFalse("it was somebody else's claim");
    }

    [Test]
    public async Task RenewAsync_WhenOneIsRefused_RenewsTheOthers()
    {
        var (refused, other) = (await HoldAsync(), await HoldAsync());
        var until = refused.LeasedUntil;
        await node.ExecuteAsync($"CREATE TRIGGER held BEFORE UPDATE ON deliveries WHEN NEW.id = {refused.Id} BEGIN SELECT RAISE(ABORT, 'held'); END;");
        node.Time.Advance(TimeSpan.FromSeconds(30));

        await FluentActions.Awaiting(RenewAsync).Should().ThrowAsync<StoreUnavailableException>();

        other.LeasedUntil.Should().Be(node.Now + 60_000);
        refused.LeasedUntil.Should().Be(until);
        node.Outlets.Holds(refused).Should().BeTrue("the next round tries again");
    }

    [Test]
    public void Row_OfARenewal_IsNotTheOneOfTheOutcome()
    {
        var delivery = Leasing.New();

        new RenewalOperation(delivery, 1).Row.Should().Be(new RenewalOperation(delivery, 2).Row)
            .And.NotBe(new DeliveryResult(delivery, DeliveryEvent.Acknowledge).Row, "an outcome is blocked by its lane, too");
    }

    [Test]
    public async Task RenewAsync_OfManyMoreThanAChunk_RenewsEach()
    {
        await node.CommitPendingAsync(1);
        for (var i = 0; i < 2_500; i++) node.Outlets.Track(Leasing.New());
        var held = await HoldAsync();
        foreach (var delivery in node.Outlets.Leased) delivery.LeasedUntil = node.Now;

        (await RenewAsync()).Should().Be(2_501);

        node.Outlets.Leased.Should().Equal([held], "the others are in no store");
    }

    [Test]
    public async Task RunAsync_OfTheSweep_ReleasesExpiredLeasesOnly()
    {
        var first = await HoldAsync();
        node.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await HoldAsync();
        node.Time.Advance(TimeSpan.FromSeconds(59));

        (await node.Get<ExpiredLeaseSweeper>().RunAsync(CancellationToken.None)).Should().Be(1);

        (await node.StateOfDeliveryAsync(first.Id)).Should().Be(0);
        (await node.StateOfDeliveryAsync(second.Id)).Should().Be(1);
        (await node.ReadAsync($"SELECT due_at FROM deliveries WHERE id = {first.Id}")).Should().Be(node.Now);
    }

    private async Task<LeasedDelivery> HoldAsync()
    {
        var delivery = (await node.CommitUnsentAsync()).Leased!;
        node.Outlets.Track(delivery);
        return delivery;
    }

    private Task<int> RenewAsync() => node.Get<LeaseKeeper>().RenewAsync();
}
