using System.Data.Common;
using Dapper;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>Every order of the steps, on every database: what a check-back is told and what the local transaction did never differ.</summary>
[TestFixtureSource(typeof(BarrierDatabases), nameof(BarrierDatabases.All))]
public sealed class BarrierInterleavingTests(string name)
{
    private static readonly Ending[] Endings = Enum.GetValues<Ending>();

    private BarrierDatabase database = null!;

    private bool IsSqlite => database is BarrierDatabase.Sqlite;

    [OneTimeSetUp]
    public async Task CreateDatabase() => database = await BarrierDatabases.CreateAsync(name);

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (database is not null) await database.DisposeAsync();
    }

    [Test]
    public async Task ALocalTransaction_AndTwoCheckBacks_NeverDiffer()
    {
        // On a server a crash is a rollback, and its orders are among those with one check-back.
        var endings = IsSqlite ? Endings : [Ending.Commit];
        var (count, wrong) = await RunAllAsync(endings.Select(ending => (Ending[])[ending]), 2, () => new BarrierHistory(database));
        wrong.Should().BeEmpty();
        // 8! / (4! 2! 2!) orders of {begin, enter, work, end} and twice {ask, hear}, for each ending.
        count.Should().Be(420 * endings.Length);
    }

    [Test]
    public async Task ALocalTransaction_AndACheckBack_NeverDiffer()
    {
        var (count, wrong) = await RunAllAsync(Endings.Select(ending => (Ending[])[ending]), 1, () => new BarrierHistory(database));
        wrong.Should().BeEmpty();
        count.Should().Be(15 * 3);
    }

    [Test]
    public async Task TwoLocalTransactionsOfOneId_NeverDiffer()
    {
        // In the other modes the provider itself would wait for the other one, on this thread.
        if (IsSqlite && name != "wal deferred") Assert.Pass("only one of two is let in");
        var (count, wrong) = await RunAllAsync([[Ending.Commit, Ending.Commit], [Ending.Commit, Ending.Crash]], 0, () => new BarrierHistory(database));
        wrong.Should().BeEmpty();
        count.Should().Be(70 * 2);
    }

    [Test]
    public async Task TwoLocalTransactionsOfOneId_AndACheckBack_NeverDiffer()
    {
        if (name != "wal deferred") Assert.Pass("elsewhere only one is let in; on a server, where it takes minutes, the orders of two and of one with a check-back stand for these");
        // The two are alike, so that (commit, crash) has every order of (crash, commit) too.
        var (count, wrong) = await RunAllAsync([[Ending.Commit, Ending.Commit], [Ending.Commit, Ending.Crash]], 1, () => new BarrierHistory(database));
        wrong.Should().BeEmpty();
        // 10! / (4! 4! 2!) orders.
        count.Should().Be(3150 * 2);
    }

    [Test]
    public async Task ABarrierWithoutTombstones_IsCaught()
    {
        var (_, wrong) = await RunAllAsync([[Ending.Commit]], 1, () => new BarrierHistory(database)
        {
            Answer = async (connection, id, wait) => await database.Barrier.RecallAsync(connection, id, wait) is CheckBackAnswer.Commit ? CheckBackAnswer.Commit : CheckBackAnswer.Rollback,
        });
        wrong.Should().NotBeEmpty().And.Contain(text => text.Contains("heard Rollback", StringComparison.Ordinal));
    }

    [Test]
    public async Task ALocalTransactionThatPassesTheBarrierBy_IsCaught()
    {
        var (_, wrong) = await RunAllAsync([[Ending.Commit]], 1, () => new BarrierHistory(database) { Enter = (_, _) => Task.CompletedTask });
        wrong.Should().NotBeEmpty();
    }

    [Test]
    public async Task ACodeThatGoesOnAfterTheRejection_CannotCommitItsWork()
    {
        var (count, wrong) = await RunAllAsync(Endings.Select(ending => (Ending[])[ending]), 1, () => new BarrierHistory(database) { Enter = EnterAndGoOnAsync });
        wrong.Should().NotContain(text => !text.Contains("a late local transaction was not rejected", StringComparison.Ordinal), "the work must not be there; only the late one's failure is another");
        count.Should().Be(15 * 3);

        async Task EnterAndGoOnAsync(DbTransaction transaction, Guid id)
        {
            var connection = transaction.Connection!;
            try
            {
                await database.Barrier.EnterAsync(transaction, id);
            }
            catch (BarrierRejectedException)
            {
                var goOn = () => connection.ExecuteAsync("INSERT INTO work (id) VALUES (@id)", new { id = id.ToByteArray(true) }, transaction);
                await goOn.Should().ThrowAsync<InvalidOperationException>();
                var goOnBeside = () => connection.ExecuteAsync("INSERT INTO work (id) VALUES (@id)", new { id = id.ToByteArray(true) });
                await goOnBeside.Should().ThrowAsync<InvalidOperationException>();
                var commit = () => transaction.CommitAsync();
                await commit.Should().ThrowAsync<InvalidOperationException>();
                throw;
            }
        }
    }

    private async Task<(int Count, IReadOnlyCollection<string> Wrong)> RunAllAsync(IEnumerable<Ending[]> endings, int checkBacks, Func<BarrierHistory> history)
    {
        var runs = endings.SelectMany(these => BarrierHistory.Orders([.. these.Select(_ => 4), .. Enumerable.Repeat(2, checkBacks)]).Select(order => (these, order))).ToArray();
        var wrong = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var count = 0;
        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = database.Parallelism }, async (run, _) =>
        {
            if (await history().RunAsync(run.these, checkBacks, run.order) is { } text) wrong.Enqueue(text);
            Interlocked.Increment(ref count);
        });
        return (count, wrong);
    }
}
