using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.Sqlite;

/// <summary>The embedded store: one file, one node, WAL mode with <c>synchronous=FULL</c>.</summary>
public sealed class SqliteDatabase : StoreDatabase
{
    // 2 GiB: some seconds of reading, half of them for what holds the indexes against their tables.
    private const long LongestCheckedFile = 2L * 1024 * 1024 * 1024;

    private readonly SemaphoreSlim writeGate = new(1, 1);
    private readonly string connectionString;
    private readonly string path;
    private readonly bool isInMemory;
    private readonly ILogger? logger;
    private FileStream? ownership;
    private SqliteCheckpointer? checkpointer;
    private long writes;

    // Memory statistics would take a lock at every allocation of the engine; nobody reads them. Only before its first use.
    static SqliteDatabase()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>Takes a connection string of Microsoft.Data.Sqlite; opens nothing yet.</summary>
    public SqliteDatabase(string connectionString, ILogger? logger = null)
        : base(SqlCatalogue.Load("sqlite"))
    {
        this.logger = logger;
        var builder = new SqliteConnectionStringBuilder(connectionString) { DefaultTimeout = 30 };
        isInMemory = builder.Mode == SqliteOpenMode.Memory || builder.DataSource == ":memory:";
        path = Path.GetFullPath(builder.DataSource);
        builder.DataSource = path;
        this.connectionString = builder.ToString();
    }

    /// <inheritdoc/>
    public override StoreProvider Provider => StoreProvider.Sqlite;

    /// <inheritdoc/>
    public override string DisplayName => $"SQLite, {path}";

    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <summary>The folder of the database file.</summary>
    public string Folder => Path.GetDirectoryName(path)!;

    // The engine goes where a link leads, and keeps its log there: so must whatever is looked for beside the database.
    private string FilePath => new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;

    /// <inheritdoc/>
    public override async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (isInMemory) throw new StoreStartException("TxMsg:Store:ConnectionString names a database in memory, which would not outlive the process: name a file.");
        CreateFolder();
        TakeOwnership();
        if (SqliteLogCheck.FindDamage(FilePath) is { } found) throw Damaged(found, null);
        try
        {
            await OpenFileAsync(cancellationToken);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            // So badly that the check itself cannot read it.
            throw Damaged(exception.Message, exception);
        }
        catch (SqliteException exception)
        {
            throw new StoreStartException($"The database {path} of TxMsg:Store:ConnectionString cannot be opened: {exception.Message}", exception);
        }

        var own = (SqliteConnection)await OpenConnectionAsync(cancellationToken);
        checkpointer = new SqliteCheckpointer(own, () => EnterWriteGateAsync(CancellationToken.None), () => Interlocked.Read(ref writes), logger);
    }

    /// <inheritdoc/>
    public override async Task WithMigrationLockAsync(Func<DbConnection, Task> migrate, CancellationToken cancellationToken)
    {
        // This process owns the file: nobody else migrates.
        await using var connection = await OpenConnectionAsync(cancellationToken);
        await migrate(connection);
    }

    /// <inheritdoc/>
    public override WriteSession OpenWriteSession() => new SqliteWriteSession(path, Sql);

    /// <inheritdoc/>
    public override bool IsTransient(DbException exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };

    /// <inheritdoc/>
    public override bool IsUnavailable(DbException exception) => IsTransient(exception) || exception is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_NOMEM or raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_PROTOCOL
    };

    /// <inheritdoc/>
    public override bool IsDuplicateKey(DbException exception) =>
        exception is SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY };

    /// <inheritdoc/>
    public override bool IsFaultOfTheRow(DbException exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_RANGE };

    /// <inheritdoc/>
    public override IDisposable EnterWriteGate()
    {
        // Not Wait(): whoever waits there is only woken, and overtaken by those to whom the gate is handed.
        if (!writeGate.Wait(0)) writeGate.WaitAsync().GetAwaiter().GetResult();
        return new GateHolder(this);
    }

    /// <inheritdoc/>
    public override IDisposable? TryEnterWriteGate() => writeGate.Wait(0) ? new GateHolder(this) : null;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (checkpointer is not null) await checkpointer.DisposeAsync();
        SqliteConnection.ClearPool(new SqliteConnection(connectionString));
        if (ownership is not null) await ownership.DisposeAsync();
        writeGate.Dispose();
    }

    /// <inheritdoc/>
    public override async Task<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        Configure(connection);
        return connection;
    }

    /// <inheritdoc/>
    protected override async ValueTask<IDisposable?> EnterWriteGateAsync(CancellationToken cancellationToken)
    {
        await writeGate.WaitAsync(cancellationToken);
        return new GateHolder(this);
    }

    /// <inheritdoc/>
    protected override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        ValueTask.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));

    private void Configure(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql["ConfigureConnection"];
        command.ExecuteNonQuery();
    }

    private async Task OpenFileAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenConnectionAsync(cancellationToken);
        // The engine opens a file that it may not write for reading, and says so only at the first write.
        if (raw.sqlite3_db_readonly(((SqliteConnection)connection).Handle, "main") == 1)
            throw new StoreStartException($"The database {path} of TxMsg:Store:ConnectionString cannot be written: the file is read-only for this user, or opened with Mode=ReadOnly.");
        await using var command = connection.CreateCommand();
        command.CommandText = Sql["InitializeDatabase"];
        await command.ExecuteNonQueryAsync(cancellationToken);
        await CheckIntegrityAsync(connection, cancellationToken);
    }

    private StoreStartException Damaged(string found, Exception? inner) =>
        new($"The database {path} is damaged: {found.TrimEnd('.')}. Restore it from a backup, without the files -wal and -shm beside it.", inner!);

    private async Task CheckIntegrityAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        // The check reads the whole file: a large one would keep the service from starting for minutes.
        if (new FileInfo(FilePath).Length > LongestCheckedFile) return;
        await using var command = connection.CreateCommand();
        command.CommandText = Sql["CheckIntegrity"];
        var answer = (string?)await command.ExecuteScalarAsync(cancellationToken);
        if (answer != "ok") throw Damaged(answer ?? "no answer", null);
    }

    private void CreateFolder()
    {
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreStartException($"The folder {Folder} of TxMsg:Store:ConnectionString cannot be made: {exception.Message}", exception);
        }
    }

    // A second coordinator on the same file would deliver what the first has leased in memory.
    private void TakeOwnership()
    {
        try
        {
            ownership = new FileStream(FilePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new StoreStartException($"The database {path} is in use by another coordinator; SQLite serves one node. Use SQL Server for several.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StoreStartException($"The folder {Folder} of TxMsg:Store:ConnectionString cannot be written: {exception.Message}", exception);
        }
    }

    private sealed class GateHolder(SqliteDatabase database) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Increment(ref database.writes);
            database.writeGate.Release();
        }
    }
}
