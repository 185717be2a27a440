using TxMsg.Server.Retention;
using TxMsg.Server.Storage;

namespace TxMsg.Stores.Tests.Retention;

/// <summary>Each node is reminded every hour, at the same time.</summary>
public sealed class PurgeTurnTests(StoreProvider provider) : StoreFixture(provider)
{
    private Node other = null!;

    [SetUp]
    public async Task AddTheOther()
    {
        other = await AddNodeAsync();
        Time.Advance(TimeSpan.FromHours(1));
    }

    [Test]
    public async Task OneNode_PurgesForAll()
    {
        (await RunAsync(Node)).Should().NotBeNull();
        (await RunAsync(other)).Should().BeNull("the one before has just done it");
        Time.Advance(TimeSpan.FromSeconds(29));
        (await RunAsync(other)).Should().BeNull("it was reminded late");

        Time.Advance(TimeSpan.FromHours(1));
        (await RunAsync(other)).Should().NotBeNull();
        (await RunAsync(Node)).Should().BeNull();
    }

    [Test]
    public async Task BothAtOnce_OneHasTheTurn()
    {
        var both = await Task.WhenAll(RunAsync(Node), RunAsync(other));

        both.Where(counts => counts is not null).Should().ContainSingle();
    }

    [Test]
    public async Task WhileANodeIsAtIt_NoOtherIs_UntilItsLeaseHasEnded()
    {
        (await AcquireAsync(Node, token: 1)).Should().BeTrue();

        Time.Advance(PurgeTurn.Lease - TimeSpan.FromMilliseconds(1));
        (await RunAsync(other)).Should().BeNull();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await RunAsync(other)).Should().NotBeNull("the node is gone");
        (await RenewAsync(Node, token: 1)).Should().BeFalse("it knows when it comes back");
    }

    [Test]
    public async Task ATurnOfTheFuture_KeepsNobodyFromPurging_AfterTheClockWasSetBack()
    {
        (await AcquireAsync(Node, token: 2, ahead: TimeSpan.FromDays(365))).Should().BeTrue();

        (await RunAsync(other)).Should().NotBeNull();
    }

    [Test]
    public async Task ATurnThatIsOver_LeavesNoLease()
    {
        await RunAsync(Node);

        (await RenewAsync(Node, token: 3)).Should().BeFalse();
        (await Node.Database.WriteAsync(connection => connection.ExecuteAsync("ReleaseAllSweeps"))).Should().Be(0);
    }

    private static Task<PurgeCounts?> RunAsync(Node node) => node.Get<PurgeTurn>().RunAsync(CancellationToken.None);

    private Task<bool> AcquireAsync(Node node, long token, TimeSpan ahead = default)
    {
        var now = (Time.GetUtcNow() + ahead).ToUnixTimeMilliseconds();
        var until = now + (long)PurgeTurn.Lease.TotalMilliseconds;
        return ChangeAsync(node, "AcquireSweep", new { name = "purge", token, now, until, notSince = now, latest = until });
    }

    private Task<bool> RenewAsync(Node node, long token) =>
        ChangeAsync(node, "RenewSweep", new { name = "purge", token, until = (Time.GetUtcNow() + PurgeTurn.Lease).ToUnixTimeMilliseconds() });

    private static Task<bool> ChangeAsync(Node node, string statement, object parameters) =>
        node.Database.WriteAsync(async connection => await connection.ExecuteAsync(statement, parameters) > 0);
}
