using Microsoft.Data.SqlClient;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.SqlServer;

namespace TxMsg.Stores.Tests;

/// <summary>Waits for a server, and transactions, that end without a result: what its provider really throws then.</summary>
public sealed class SqlServerWaitTests
{
    private ServerDatabase server = null!;

    [OneTimeSetUp]
    public async Task MakeDatabase()
    {
        if (ServerDatabase.Server is null) Assert.Ignore($"{ServerDatabase.Variable} holds no connection string of SQL Server.");
        server = await ServerDatabase.CreateAsync();
    }

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (server is not null) await server.DisposeAsync();
    }

    [Test]
    public async Task ReadAndWrite_WhileAllConnectionsOfThePoolAreInUse_AreToldSo_AndWorkWhenOneIsFree()
    {
        await using var database = Open(options => (options.MaxPoolSize, options.ConnectTimeout) = (1, 1));
        var reading = () => database.ReadAsync(connection => connection.QuerySingleAsync<SqlServerStart.ServerDescription>("DescribeServer"));
        var writing = () => database.WriteAsync(connection => connection.QuerySingleAsync<SqlServerStart.ServerDescription>("DescribeServer"));
        await using (await database.OpenConnectionAsync(CancellationToken.None))
        {
            var told = (await reading.Should().ThrowAsync<NoFreeConnectionException>()).Which;
            database.IsUnavailable(told).Should().BeTrue();
            await writing.Should().ThrowAsync<NoFreeConnectionException>();
        }

        await reading.Should().NotThrowAsync();
        await writing.Should().NotThrowAsync();
    }

    [Test]
    public async Task OpenWriteSession_WhileAllConnectionsOfThePoolAreInUse_OpensOneOfItsOwn()
    {
        await using var database = Open(options => (options.MaxPoolSize, options.ConnectTimeout) = (1, 1));
        await using var held = await database.OpenConnectionAsync(CancellationToken.None);

        using var session = database.OpenWriteSession();

        session.IsUsable.Should().BeTrue();
    }

    [Test]
    public async Task Read_ThatTakesLongerThanAStatementMay_IsNotRunAgain()
    {
        await using var database = Open(options => options.CommandTimeout = 1);
        var runs = 0;
        var reading = () => database.ReadAsync(connection =>
        {
            runs++;
            return connection.QuerySingleAsync<int>("TakeMigrationLock", new { timeoutMs = 60_000 });
        });

        await database.WithMigrationLockAsync(async _ => await reading.Should().ThrowAsync<SqlException>().Where(told => told.Number == -2), CancellationToken.None);

        runs.Should().Be(1);
    }

    [Test]
    public async Task Write_WhoseConnectionIsLostBeforeTheCommit_IsRunAgain()
    {
        await using var database = new SqlServerDatabase(server.ConnectionString, SqlCatalogue.Load("sqlserver").With("DescribeServer", "SELECT CAST(@@SPID AS int)"));
        var runs = 0;

        await database.WriteAsync(async connection =>
        {
            if (++runs == 1) await KillAsync(await connection.QuerySingleAsync<int>("DescribeServer"));
        });

        runs.Should().Be(2);
    }

    [Test]
    public async Task Pool_ThatWasRefusedAConnection_AsksAgain_AsSoonAsTheCommitterIsConnected()
    {
        await using var door = new Door(new SqlConnectionStringBuilder(server.ConnectionString).DataSource);
        await using var database = Open(options => (options.DataSource, options.ConnectTimeout, options.ConnectRetryCount) = (door.DataSource, 3, 0));
        var opening = async () => await (await database.OpenConnectionAsync(CancellationToken.None)).DisposeAsync();
        await opening.Should().ThrowAsync<SqlException>();

        door.Open();
        using (database.OpenWriteSession()) await opening.Should().NotThrowAsync();
    }

    [Test]
    public async Task WriteSession_ThatTheProviderRefuses_IsOfNoUse_AndItsTransactionMayBeRunAgain()
    {
        await using var database = Open(static _ => { });
        using var session = database.OpenWriteSession();
        session.Begin();

        var told = session.Invoking(open => open.Begin()).Should().Throw<TransactionLostException>("the provider takes one transaction at a time").Which;

        database.IsTransient(told).Should().BeTrue();
        session.IsUsable.Should().BeFalse();
    }

    private async Task KillAsync(int session)
    {
        await using var connection = new SqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var kill = connection.CreateCommand();
        kill.CommandText = FormattableString.Invariant($"KILL {session}");
        await kill.ExecuteNonQueryAsync();
    }

    private SqlServerDatabase Open(Action<SqlConnectionStringBuilder> set)
    {
        var options = new SqlConnectionStringBuilder(server.ConnectionString);
        set(options);
        return new SqlServerDatabase(options.ConnectionString);
    }
}
