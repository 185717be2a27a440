using System.Data.Common;
using Dapper;
using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>The barrier's single steps, on every database.</summary>
[TestFixtureSource(typeof(BarrierDatabases), nameof(BarrierDatabases.All))]
public sealed class BarrierTests(string name)
{
    private BarrierDatabase database = null!;
    private TransactionBarrier barrier = null!;

    [OneTimeSetUp]
    public async Task CreateDatabase()
    {
        database = await BarrierDatabases.CreateAsync(name);
        barrier = database.Barrier;
    }

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (database is not null) await database.DisposeAsync();
    }

    [Test]
    public async Task CreateTable_Again_ChangesNothing()
    {
        await using var connection = await database.OpenAsync();
        var id = Guid.CreateVersion7();
        await barrier.AnswerAsync(connection, id, TimeSpan.Zero);
        await barrier.CreateTableAsync(connection);
        (await barrier.RecallAsync(connection, id, TimeSpan.Zero)).Should().Be(CheckBackAnswer.Rollback);
    }

    [Test]
    public async Task Answer_InsideATransaction_IsRefused()
    {
        await using var connection = await database.OpenAsync();
        await using var transaction = await database.BeginAsync(connection);
        var act = () => barrier.AnswerAsync(connection, Guid.CreateVersion7(), TimeSpan.Zero);
        await act.Should().ThrowAsync<InvalidOperationException>();
    }

    [Test]
    public async Task Answer_LeavesTheConnectionAsItWas()
    {
        var id = Guid.CreateVersion7();
        await using var inFlight = await database.OpenAsync();
        await using var transaction = await database.BeginAsync(inFlight);
        await barrier.EnterAsync(transaction, id);
        await using var connection = await database.OpenAsync();
        var answer = barrier.AnswerAsync(connection, id, TimeSpan.Zero);
        await database.FinishAsync(answer);
        (await answer).Should().Be(CheckBackAnswer.Unknown);
        await transaction.RollbackAsync();
        if (database is BarrierDatabase.SqlServer) (await connection.ExecuteScalarAsync<int>("SELECT @@LOCK_TIMEOUT")).Should().Be(-1);
        await using var next = await connection.BeginTransactionAsync();
        await next.RollbackAsync();
    }

    [Test]
    public async Task Answer_WaitsInRealTime_ThoughRowsAreStampedByAClockThatStands()
    {
        var stamped = new TransactionBarrier(new FakeTimeProvider());
        var id = Guid.CreateVersion7();
        await using var inFlight = await database.OpenAsync();
        await using var transaction = await database.BeginAsync(inFlight);
        await barrier.EnterAsync(transaction, id);
        await using var connection = await database.OpenAsync();

        var answer = await stamped.AnswerAsync(connection, id, TimeSpan.FromMilliseconds(100)).WaitAsync(TimeSpan.FromMinutes(1));

        answer.Should().Be(CheckBackAnswer.Unknown);
        await transaction.RollbackAsync();
    }

    [Test]
    public async Task Enter_WaitsInRealTime_ThoughRowsAreStampedByAClockThatStands()
    {
        if (name != "wal deferred") Assert.Pass("elsewhere the beginning of the transaction waits, or the server");
        var stamped = new TransactionBarrier(new FakeTimeProvider());
        await using var other = await database.OpenAsync();
        await using var writing = await database.BeginAsync(other);
        await barrier.EnterAsync(writing, Guid.CreateVersion7());
        await using var connection = await database.OpenAsync();
        await using var transaction = await database.BeginAsync(connection);

        var enter = () => stamped.EnterAsync(transaction, Guid.CreateVersion7()).WaitAsync(TimeSpan.FromMinutes(1));

        (await enter.Should().ThrowAsync<SqliteException>()).Which.SqliteErrorCode.Should().Be(5);
        await writing.RollbackAsync();
    }

    [TestCase(CheckBackAnswer.Commit)]
    [TestCase(CheckBackAnswer.Rollback)]
    public async Task Answer_FromARowThatStands_DoesNotWaitForWhoeverWrites(CheckBackAnswer outcome)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await database.OpenAsync();
        await DecideAsync(connection, id, outcome);
        await using var other = await database.OpenAsync();
        await using var writing = await database.BeginAsync(other);
        await other.ExecuteAsync("INSERT INTO work (id) VALUES (@id)", new { id = id.ToByteArray(true) }, writing);

        (await barrier.AnswerAsync(connection, id, TimeSpan.Zero)).Should().Be(outcome);

        await writing.RollbackAsync();
    }

    [Test]
    public async Task Answer_IsNeverFromARowThatIsNotCommitted()
    {
        if (database is not BarrierDatabase.Sqlite sqlite)
        {
            Assert.Pass("on SQL Server the row's lock is asked for by name");
            return;
        }

        var shared = new SqliteConnectionStringBuilder(sqlite.ConnectionString) { Cache = SqliteCacheMode.Shared }.ToString();
        var id = Guid.CreateVersion7();
        await using var inFlight = new SqliteConnection(shared);
        await inFlight.OpenAsync();
        await using var transaction = await database.BeginAsync(inFlight);
        await barrier.EnterAsync(transaction, id);
        await using var connection = new SqliteConnection(shared);
        await connection.OpenAsync();
        await connection.ExecuteAsync("PRAGMA read_uncommitted = 1");

        (await barrier.AnswerAsync(connection, id, TimeSpan.Zero)).Should().Be(CheckBackAnswer.Unknown);

        await transaction.RollbackAsync();
        (await barrier.AnswerAsync(connection, id, TimeSpan.Zero)).Should().Be(CheckBackAnswer.Rollback);
    }

    [Test]
    public async Task Enter_Rejected_NamesTheMessage_AndLeavesNothingToRollBack()
    {
        var id = Guid.CreateVersion7();
        await using (var asking = await database.OpenAsync()) await barrier.AnswerAsync(asking, id, TimeSpan.Zero);
        await using (var connection = await database.OpenAsync())
        await using (var transaction = await database.BeginAsync(connection))
        {
            var enter = () => barrier.EnterAsync(transaction, id);
            (await enter.Should().ThrowAsync<BarrierRejectedException>()).Which.MessageId.Should().Be(id);
            var rollback = () => transaction.RollbackAsync();
            if (database is BarrierDatabase.Sqlite) await rollback.Should().NotThrowAsync();
        }

        await using var next = await database.OpenAsync();
        await using var other = await database.BeginAsync(next);
        await barrier.EnterAsync(other, Guid.CreateVersion7());
        await other.CommitAsync();
    }

    [Test]
    public async Task Enter_WhereTheTableIsMissing_DoomsTheLocalTransactionToo()
    {
        await using var connection = await database.OpenAsync();
        await using (var drop = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync("DROP TABLE txmsg_barrier", transaction: drop);
            var enter = () => barrier.EnterAsync(drop, Guid.CreateVersion7());
            await enter.Should().ThrowAsync<DbException>();
            var commit = () => drop.CommitAsync();
            await commit.Should().ThrowAsync<InvalidOperationException>();
        }

        await using var other = await database.OpenAsync();
        (await other.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM txmsg_barrier WHERE outcome = 3")).Should().Be(0);
    }

    [Test]
    public async Task Enter_AfterAReadThatIsStale_FailsAtOnceAndCanBeRepeated()
    {
        if (name != "wal deferred") Assert.Pass("only a deferred transaction of SQLite's WAL can be too old to write");
        var id = Guid.CreateVersion7();
        await using var connection = await database.OpenAsync();
        await using (var transaction = await database.BeginAsync(connection))
        {
            await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM work", transaction: transaction);
            await using (var other = await database.OpenAsync()) await other.ExecuteAsync("INSERT INTO work (id) VALUES (x'00')");
            var enter = barrier.EnterAsync(transaction, id);
            enter.IsCompleted.Should().BeTrue("waiting would not help");
            var failing = () => enter;
            (await failing.Should().ThrowAsync<SqliteException>()).Which.SqliteExtendedErrorCode.Should().Be(517);
        }

        await using var again = await database.BeginAsync(connection);
        await barrier.EnterAsync(again, id);
        await again.CommitAsync();
        (await barrier.AnswerAsync(connection, id, TimeSpan.Zero)).Should().Be(CheckBackAnswer.Commit);
    }

    [Test]
    public async Task Purge_DeletesWhatIsOld_InBatches()
    {
        await using var connection = await database.OpenAsync();
        var old = Guid.CreateVersion7();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            for (var i = 0; i < 1_001; i++)
            {
                await connection.ExecuteAsync(
                    "INSERT INTO txmsg_barrier (id, outcome, created_at) VALUES (@id, 1, @at)",
                    new { id = (i == 0 ? old : Guid.CreateVersion7()).ToByteArray(true), at = (database.Time.GetUtcNow() - TimeSpan.FromDays(31)).ToUnixTimeMilliseconds() },
                    transaction);
            }

            await transaction.CommitAsync();
        }

        var young = Guid.CreateVersion7();
        await barrier.AnswerAsync(connection, young, TimeSpan.Zero);
        (await barrier.PurgeAsync(connection, TimeSpan.FromDays(30))).Should().Be(1_001);
        (await barrier.RecallAsync(connection, old, TimeSpan.Zero)).Should().Be(CheckBackAnswer.Unknown);
        (await barrier.RecallAsync(connection, young, TimeSpan.Zero)).Should().Be(CheckBackAnswer.Rollback);
    }

    private async Task DecideAsync(DbConnection connection, Guid id, CheckBackAnswer outcome)
    {
        if (outcome == CheckBackAnswer.Commit)
        {
            await using var transaction = await database.BeginAsync(connection);
            await barrier.EnterAsync(transaction, id);
            await transaction.CommitAsync();
        }

        (await barrier.AnswerAsync(connection, id, TimeSpan.Zero)).Should().Be(outcome);
    }
}
