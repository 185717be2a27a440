using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.Sqlite;
using TxMsg.Server.Tests.Hosted;
using KeptLog = TxMsg.Server.Tests.Hosting.KeptLog;

namespace TxMsg.Server.Tests.Storage.Sqlite;

public sealed class SqliteDatabaseTests
{
    private TestFolder folder = null!;

    private string File => Path.Combine(folder.Path, "txmsg.db");

    [SetUp]
    public void Make() => folder = new TestFolder();

    [TearDown]
    public void Remove()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    [Test]
    public async Task InitializeAsync_OfASecondOwner_IsRefusedUntilTheFirstHasGone()
    {
        var first = New();
        await first.InitializeAsync(CancellationToken.None);
        await using var second = New();

        await FluentActions.Awaiting(() => second.InitializeAsync(CancellationToken.None)).Should().ThrowAsync<StoreStartException>().WithMessage("*in use by another coordinator*");

        await first.DisposeAsync();
        await second.InitializeAsync(CancellationToken.None);
    }

    [Test]
    public async Task InitializeAsync_OfALinkToAFileThatHasAnOwner_IsRefused()
    {
        await using var first = New();
        await first.InitializeAsync(CancellationToken.None);
        await using var second = new SqliteDatabase($"Data Source={LinkToTheFile()}");

        await FluentActions.Awaiting(() => second.InitializeAsync(CancellationToken.None)).Should().ThrowAsync<StoreStartException>().WithMessage("*in use by another coordinator*");
    }

    [Test]
    public async Task InitializeAsync_OfALink_LooksForDamageInTheLogOfTheFileThatItLeadsTo()
    {
        await System.IO.File.WriteAllBytesAsync(File + "-wal", Enumerable.Repeat((byte)0xAB, 4096).ToArray());
        await using var database = new SqliteDatabase($"Data Source={LinkToTheFile()}");

        await FluentActions.Awaiting(() => database.InitializeAsync(CancellationToken.None)).Should().ThrowAsync<StoreStartException>().WithMessage("*is damaged*");
    }

    [Test]
    public async Task EnterWriteGate_OfAThreadThatWaits_IsHandedTheGate()
    {
        await using var database = New();
        var gate = database.EnterWriteGate();
        using var done = new ManualResetEventSlim();
        var waiting = new Thread(() =>
        {
            using var own = database.EnterWriteGate();
            done.Wait();
        });
        waiting.Start();
        await Eventually.HoldsAsync(() => waiting.ThreadState.Should().HaveFlag(ThreadState.WaitSleepJoin));

        gate.Dispose();

        using (var overtaking = database.TryEnterWriteGate()) overtaking.Should().BeNull("a purge would overtake the committer batch after batch");
        done.Set();
        waiting.Join();
        using var next = database.TryEnterWriteGate();
        next.Should().NotBeNull();
    }

    [Test]
    public async Task InitializeAsync_OfAFileThatIsNoDatabase_IsRefused()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 10_000));
        await using var database = New();

        await FluentActions.Awaiting(() => database.InitializeAsync(CancellationToken.None)).Should().ThrowAsync<Exception>().WithMessage("*not a database*");
    }

    [Test]
    public async Task InitializeAsync_OfADamagedFile_IsRefused()
    {
        await using (var store = await TestStoreIn())
        {
        }

        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        // Past the header and the schema: the roots of the tables.
        for (var page = 4; page * 4096 < bytes.Length; page++) Array.Fill(bytes, (byte)0xA5, page * 4096, 64);
        await System.IO.File.WriteAllBytesAsync(File, bytes);
        await using var database = New();

        await FluentActions.Awaiting(() => database.InitializeAsync(CancellationToken.None)).Should().ThrowAsync<Exception>().WithMessage("*damaged*");
    }

    [Test]
    public async Task WriteAsync_WhileAnotherProcessHoldsTheLock_Waits()
    {
        await using var database = await TestStoreIn();
        await using var other = new SqliteConnection(folder.ConnectionString + ";Pooling=False");
        await other.OpenAsync();
        var transaction = other.BeginTransaction(deferred: false);

        var writing = Task.Run(() => database.WriteAsync(connection => connection.ExecuteAsync("RaiseRegistryVersion", new { now = 0L })));
        var reading = database.ReadAsync(connection => connection.QuerySingleAsync<long>("ReadRegistryVersion"));
        var before = await reading;
        writing.IsCompleted.Should().BeFalse();
        await transaction.CommitAsync();
        await transaction.DisposeAsync();

        await writing;
        (await database.ReadAsync(connection => connection.QuerySingleAsync<long>("ReadRegistryVersion"))).Should().Be(before + 1);
    }

    [Test]
    public async Task WriteAsync_ThatThrows_LeavesNothing()
    {
        await using var database = await TestStoreIn();

        await FluentActions.Awaiting(() => database.WriteAsync(async connection =>
        {
            await connection.ExecuteAsync("RaiseRegistryVersion", new { now = 0L });
            throw new InvalidOperationException("the test's");
        })).Should().ThrowAsync<InvalidOperationException>();

        (await database.ReadAsync(connection => connection.QuerySingleAsync<long>("ReadRegistryVersion"))).Should().Be(1);
        await database.WriteAsync(connection => connection.ExecuteAsync("RaiseRegistryVersion", new { now = 0L }));
    }

    [Test]
    public async Task Connections_AsConfigured_AreDurable()
    {
        await using var database = await TestStoreIn();
        await using var connection = (SqliteConnection)await database.OpenConnectionAsync(CancellationToken.None);

        (await ScalarAsync(connection, "PRAGMA journal_mode")).Should().Be("wal");
        (await ScalarAsync(connection, "PRAGMA synchronous")).Should().Be(2L, "FULL");
    }

    [Test]
    public async Task TheCheckpointer_AfterAFailureOfAnyKind_GoesOn()
    {
        await using var database = await TestStoreIn();
        var own = (SqliteConnection)await database.OpenConnectionAsync(CancellationToken.None);
        var looks = 0L;

        await using var checkpointer = new SqliteCheckpointer(
            own, () => ValueTask.FromResult<IDisposable?>(null), () => Interlocked.Increment(ref looks) == 1 ? throw new OutOfMemoryException("the test's") : 1, logger: null);

        await Eventually.HoldsAsync(() => Interlocked.Read(ref looks).Should().BeGreaterThan(1, "nobody else copies: the log would grow for good"));
    }

    [Test]
    public async Task TheCheckpointer_WhileAnotherProgramReadsOn_SaysWhyTheLogGrows()
    {
        await using var database = await TestStoreIn();
        await using var other = new SqliteConnection(folder.ConnectionString + ";Pooling=False");
        await other.OpenAsync();
        await using var reading = other.BeginTransaction(deferred: true);
        await ScalarAsync(other, "SELECT COUNT(*) FROM registry");
        for (var i = 0; i < 40; i++) await database.WriteAsync(connection => connection.ExecuteAsync("RaiseRegistryVersion", new { now = 0L }));
        using var log = new KeptLog();
        var own = (SqliteConnection)await database.OpenConnectionAsync(CancellationToken.None);

        await using var checkpointer = new SqliteCheckpointer(own, () => ValueTask.FromResult<IDisposable?>(null), () => 1, log.CreateLogger("store"), longLog: 1);

        await Eventually.HoldsAsync(() => log.Entries.Should().ContainSingle().Which.Should().Contain("stays open"));
    }

    [Test]
    public void DisplayName_OfADatabase_IsItsFile() => New().DisplayName.Should().Be($"SQLite, {File}");

    // As whoever moves the file to a larger disk leaves one behind.
    private string LinkToTheFile()
    {
        var link = Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Path, "before")).FullName, "txmsg.db");
        System.IO.File.CreateSymbolicLink(link, File);
        return link;
    }

    private SqliteDatabase New() => new(folder.ConnectionString);

    private async Task<SqliteDatabase> TestStoreIn()
    {
        var database = New();
        await database.InitializeAsync(CancellationToken.None);
        await new Server.Storage.Migrations.SchemaMigrator(database, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Server.Storage.Migrations.SchemaMigrator>.Instance)
            .MigrateAsync(CancellationToken.None);
        return database;
    }

    private static async Task<object?> ScalarAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
