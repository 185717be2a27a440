using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.Migrations;

namespace TxMsg.Stores.Tests.Migrations;

[TestFixtureSource(typeof(TestStore), nameof(TestStore.Available))]
public sealed class SchemaMigratorTests(StoreProvider provider)
{
    private TestStore store = null!;
    private StoreDatabase database = null!;

    [SetUp]
    public async Task MakeStore()
    {
        store = await TestStore.CreateAsync(provider);
        database = store.Open();
        await database.InitializeAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task DropStore()
    {
        await database.DisposeAsync();
        await store.DisposeAsync();
    }

    [Test]
    public async Task Migrate_Twice_AppliesEachScriptOnce()
    {
        (await MigrateAsync(database)).Should().Be(database.Sql.Schema[^1].Version);
        (await MigrateAsync(database)).Should().Be(database.Sql.Schema[^1].Version);
        (await ListAsync()).Should().Equal(database.Sql.Schema.Select(script => script.Version));
    }

    [Test]
    public async Task Migrate_WhereSeveralNodesStartAtOnce_AppliesEachScriptOnce()
    {
        // On SQLite there is one node: the next test.
        var others = provider == StoreProvider.SqlServer ? Enumerable.Range(0, 3).Select(_ => store.Open()).ToArray() : [];
        await Task.WhenAll(others.Append(database).Select(MigrateAsync));
        (await ListAsync()).Should().Equal(database.Sql.Schema.Select(script => script.Version));
        foreach (var other in others) await other.DisposeAsync();
    }

    [Test]
    public async Task Initialize_ASecondTime_IsRefusedWhereTheStoreServesOneNode()
    {
        await using var second = store.Open();
        var starting = () => second.InitializeAsync(CancellationToken.None);
        if (database.IsShared) await starting.Should().NotThrowAsync();
        else (await starting.Should().ThrowAsync<StoreStartException>()).WithMessage("*in use by another coordinator*");
    }

    [Test]
    public async Task Migrate_ADatabaseOfANewerVersion_IsRefused()
    {
        await MigrateAsync(database);
        await database.WriteAsync(connection => connection.ExecuteAsync("AddSchemaVersion", new { version = 9999, name = "9999_later", checksum = "x", appliedAt = 0L }));
        var migrating = () => MigrateAsync(database);
        (await migrating.Should().ThrowAsync<StoreStartException>()).WithMessage("*schema version 9999*");
    }

    [Test]
    public async Task Migrate_WhereAnAppliedScriptDiffers_IsRefused()
    {
        await database.WithMigrationLockAsync(connection => connection.ExecuteAsync(database.Sql["CreateSchemaVersions"]), CancellationToken.None);
        await database.WriteAsync(connection => connection.ExecuteAsync("AddSchemaVersion", new { version = 1, name = "0001_other", checksum = "other", appliedAt = 0L }));
        var migrating = () => MigrateAsync(database);
        (await migrating.Should().ThrowAsync<StoreStartException>()).WithMessage("*shipped scripts never change*");
    }

    [Test]
    public async Task MigrationLock_AfterAFailure_IsFree()
    {
        var failing = () => database.WithMigrationLockAsync(_ => throw new InvalidOperationException("broken"), CancellationToken.None);
        await failing.Should().ThrowAsync<InvalidOperationException>();
        await MigrateAsync(database);
    }

    [Test]
    public async Task Migrate_WhileAnotherHoldsWhatAScriptNeeds_TriesAgain()
    {
        if (!database.IsShared) Assert.Ignore("SQLite is one node");
        await using var other = await database.OpenConnectionAsync(CancellationToken.None);
        await using var holding = await other.BeginTransactionAsync();
        await other.ExecuteAsync("CREATE TABLE dbo.registry (version bigint NOT NULL)", transaction: holding);
        var log = new EventLog();

        var migrating = new SchemaMigrator(database, TimeProvider.System, log).MigrateAsync(CancellationToken.None);
        await log.TriedAgain.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await holding.RollbackAsync();

        (await migrating).Should().Be(database.Sql.Schema[^1].Version);
        (await ListAsync()).Should().Equal(database.Sql.Schema.Select(script => script.Version));
    }

    private static Task<int> MigrateAsync(StoreDatabase database) =>
        new SchemaMigrator(database, TimeProvider.System, NullLogger<SchemaMigrator>.Instance).MigrateAsync(CancellationToken.None);

    private async Task<IEnumerable<int>> ListAsync() =>
        (await database.ReadAsync(connection => connection.QueryAsync<Applied>("ListSchemaVersions"))).Select(row => row.Version);

    private sealed class Applied
    {
        public int Version { get; init; }
    }

    private sealed class EventLog : ILogger<SchemaMigrator>
    {
        public TaskCompletionSource TriedAgain { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 1011) TriedAgain.TrySetResult();
        }
    }
}
