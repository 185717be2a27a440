using Dapper;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Stores.Tests.Deliveries;

public sealed class ExpiredLeaseSweeperTests(StoreProvider provider) : StoreFixture(provider)
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Run_WhereARowCannotBeHad_LeavesItToTheNextSweep()
    {
        // What a server does with a row that another transaction holds: it is counted, or not, and passed over.
        if (Node.Database.IsShared) Assert.Ignore("a trigger of SQLite's stands for the other transaction");
        await LeaseAsync(3);
        Time.Advance(DeliveryActions.Lease);
        await RunSqlAsync("CREATE TRIGGER held BEFORE UPDATE ON deliveries WHEN old.id = (SELECT MAX(id) FROM deliveries) BEGIN SELECT RAISE(IGNORE); END");

        (await Node.Get<ExpiredLeaseSweeper>().RunAsync(CancellationToken.None).WaitAsync(Enough)).Should().Be(2);

        await RunSqlAsync("DROP TRIGGER held");
        (await Node.Get<ExpiredLeaseSweeper>().RunAsync(CancellationToken.None)).Should().Be(1);
    }

    [Test]
    public async Task Run_ReleasesMoreThanABatch()
    {
        var subscription = await LeaseAsync(501);
        Time.Advance(DeliveryActions.Lease);

        (await Node.Get<ExpiredLeaseSweeper>().RunAsync(CancellationToken.None)).Should().Be(501);

        (await Node.ClaimAsync(subscription, Time, 1000)).Should().HaveCount(501);
        Time.Advance(DeliveryActions.Lease);
        await Node.Get<ExpiredLeaseSweeper>().RunAsync(CancellationToken.None);
    }

    private async Task<Subscription> LeaseAsync(int count)
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var subscription = await Node.SubscribeAsync(topic);
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Node.PrepareAsync(Messages.New(producer, topic, committed: true), Time)));
        (await Node.ClaimAsync(subscription, Time, count)).Should().HaveCount(count);
        return subscription;
    }

    private async Task RunSqlAsync(string sql)
    {
        await using var connection = await Node.Database.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync(sql);
    }
}
