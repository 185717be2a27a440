using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>The connection or the database is somebody else's for a while.</summary>
public sealed class BusyDatabaseTests : ProducerFixture
{
    private readonly Message message = Message.Json("orders", new { order = 1 });

    [Test]
    public async Task WaitForTheWriteLock_EndsWhenTheCallerGivesUp()
    {
        await using var writer = await Shop.OpenAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await using var connection = new SqliteConnection(Shop.ConnectionString + ";Default Timeout=30");
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var clock = Stopwatch.StartNew();

        await Producer.Invoking(p => p.SendAsync(connection, message, (_, _) => throw new AssertionException("begun"), cancellationToken: cancelled.Token))
            .Should().ThrowAsync<OperationCanceledException>();

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
        (await Shop.CountOrdersAsync()).Should().Be(0);
    }

    [Test]
    public async Task WaitForTheWriteLock_EndsWithTheConnectionsTimeout()
    {
        await using var writer = await Shop.OpenAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await using var connection = new SqliteConnection(Shop.ConnectionString + ";Default Timeout=1");

        var failed = await Producer.Invoking(p => p.SendAsync(connection, message, (_, _) => throw new AssertionException("begun"))).Should().ThrowAsync<SqliteException>();

        failed.Which.SqliteErrorCode.Should().Be(5);
        connection.DefaultTimeout.Should().Be(1, "it is the caller's");
    }

    [Test]
    public async Task WaitForTheWriteLock_EndsWhenItIsFree()
    {
        await using var writer = await Shop.OpenAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await using var connection = Shop.Connect();
        var sending = Producer.SendAsync(connection, message, (transaction, _) => transaction.Connection!.ExecuteAsync("INSERT INTO Orders (Text) VALUES ('new')", transaction: transaction));

        sending.IsCompleted.Should().BeFalse();
        await writing.RollbackAsync();

        (await sending).Verdict.Should().Be(VerdictStatus.Recorded);
    }

    [Test]
    public async Task Connection_WithATransaction_IsRefusedBeforeAnythingIsStored()
    {
        await using var connection = await Shop.OpenAsync();
        await using var own = await connection.BeginTransactionAsync();

        await Producer.Invoking(p => p.SendAsync(connection, message, (_, _) => throw new AssertionException("begun")))
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("*has a transaction already*");

        Coordinator.Calls.Should().BeEmpty();
        await own.CommitAsync();
    }

    [TestCaseSource(typeof(BarrierDatabases), nameof(BarrierDatabases.All))]
    public async Task Connection_WithATransaction_IsRefusedOnEveryDatabase(string name)
    {
        await using var database = await BarrierDatabases.CreateAsync(name);
        var producer = new TransactionalProducer(
            Coordinator, database.Barrier, new ProducerOptions { Name = "shop", Connect = database.Connect }, TimeProvider.System, Log);
        await using var connection = await database.OpenAsync();
        await using var own = await database.BeginAsync(connection);

        await producer.Invoking(p => p.SendAsync(connection, message, (_, _) => throw new AssertionException("begun"))).Should().ThrowAsync<InvalidOperationException>();

        Coordinator.Calls.Should().BeEmpty();
    }
}
