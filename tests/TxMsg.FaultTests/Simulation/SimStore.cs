using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Storage.Sqlite;

namespace TxMsg.FaultTests.Simulation;

/// <summary>How a transaction goes wrong.</summary>
internal enum StoreFault
{
    None,

    /// <summary>A statement in the middle of it fails.</summary>
    Statement,

    /// <summary>A statement fails once, as if one row of the set were bad.</summary>
    Row,

    /// <summary>The database is busy for a moment.</summary>
    Busy,

    /// <summary>The commit fails, and nothing is stored.</summary>
    BeforeCommit,

    /// <summary>The commit is stored, and its answer is lost.</summary>
    AfterCommit,

    /// <summary>The node dies with the transaction open.</summary>
    CrashBeforeCommit,

    /// <summary>The node dies with the transaction stored and nobody told.</summary>
    CrashAfterCommit,

    /// <summary>A read fails.</summary>
    Read,
}

/// <summary>The database of a node: real SQLite and the real statements, behind a seam where transactions fail.</summary>
internal sealed class SimStore(string path, bool isShared, SqlCatalogue sql) : StoreDatabase(sql)
{
    private readonly string connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true }.ToString();
    private readonly List<WriteSession> sessions = [];
    private StoreFault armed;
    private int countdown;

    public override StoreProvider Provider => StoreProvider.Sqlite;

    public override string DisplayName => path;

    public override bool IsShared => isShared;

    /// <summary>Called when the node dies of a fault.</summary>
    public Action Crashed { get; set; } = static () => { };

    /// <summary>Called when a fault strikes.</summary>
    public Action<StoreFault> Struck { get; set; } = static _ => { };

    /// <summary>The transaction after so many others fails.</summary>
    public void Arm(StoreFault fault, int after) => (armed, countdown) = (fault, after);

    public override WriteSession OpenWriteSession()
    {
        var session = new SimSession(new SqliteWriteSession(path, Sql), this);
        sessions.Add(session);
        return session;
    }

    public override Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task WithMigrationLockAsync(Func<DbConnection, Task> migrate, CancellationToken cancellationToken)
    {
        await using var connection = await OpenConnectionAsync(cancellationToken);
        await migrate(connection);
    }

    public override bool IsTransient(DbException exception) => exception is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY };

    public override bool IsDuplicateKey(DbException exception) =>
        exception is SqliteException { SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY };

    public override bool IsFaultOfTheRow(DbException exception) => exception is SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT };

    public override IDisposable? EnterWriteGate() => null;

    public override async Task<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        if (Take(read: true) == StoreFault.Read) throw Broken();
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>As the end of the process does.</summary>
    public void CloseSessions()
    {
        foreach (var session in sessions) session.Dispose();
        sessions.Clear();
    }

    protected override ValueTask<IDisposable?> EnterWriteGateAsync(CancellationToken cancellationToken)
    {
        var fault = Take(read: false);
        if (fault is StoreFault.CrashBeforeCommit) Crashed();
        if (fault is StoreFault.Statement or StoreFault.BeforeCommit or StoreFault.CrashBeforeCommit) throw Broken();
        return ValueTask.FromResult<IDisposable?>(fault is StoreFault.AfterCommit or StoreFault.CrashAfterCommit ? new LostAnswer(this, fault) : null);
    }

    protected override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        ValueTask.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));

    private StoreFault Take(bool read)
    {
        if (armed == StoreFault.None || read != (armed == StoreFault.Read) || countdown-- > 0) return StoreFault.None;
        var fault = armed;
        armed = StoreFault.None;
        Struck(fault);
        return fault;
    }

    private static SqliteException Broken() => new("The simulated disk failed.", raw.SQLITE_IOERR);

    // The transaction is committed when the gate is left.
    private sealed class LostAnswer(SimStore store, StoreFault fault) : IDisposable
    {
        public void Dispose()
        {
            if (fault == StoreFault.CrashAfterCommit) store.Crashed();
            throw Broken();
        }
    }

    private sealed class SimSession(SqliteWriteSession inner, SimStore store) : WriteSession
    {
        private StoreFault fault;
        private int passed;

        public override bool IsUsable => inner.IsUsable;

        public override void Rollback() => inner.Rollback();

        public override int Execute<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows)
        {
            BreakStatement(rows.Count);
            return inner.Execute(statement, rows);
        }

        public override void Query<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows, Action<ResultRow> onRow)
        {
            BreakStatement(rows.Count);
            inner.Query(statement, rows, onRow);
        }

        public override long ReadInt64(string statement) => inner.ReadInt64(statement);

        public override void Dispose() => inner.Dispose();

        protected override void BeginTransaction()
        {
            fault = store.Take(read: false);
            passed = 0;
            inner.Begin();
        }

        protected override void CommitTransaction()
        {
            if (fault == StoreFault.CrashBeforeCommit) store.Crashed();
            if (fault is StoreFault.CrashBeforeCommit or StoreFault.BeforeCommit or StoreFault.Statement) throw Broken();
            inner.Commit();
            if (fault == StoreFault.CrashAfterCommit) store.Crashed();
            if (fault is StoreFault.CrashAfterCommit or StoreFault.AfterCommit) throw Broken();
        }

        // The first statement that has rows passes, the next one does not; a transaction of one statement fails at its commit.
        private void BreakStatement(int rows)
        {
            if (rows == 0) return;
            if (fault == StoreFault.Row) throw new SqliteException("The simulated row is bad.", raw.SQLITE_CONSTRAINT, raw.SQLITE_CONSTRAINT_CHECK);
            if (fault == StoreFault.Busy) throw new SqliteException("The simulated database is busy.", raw.SQLITE_BUSY);
            if (fault == StoreFault.Statement && ++passed > 1) throw Broken();
        }
    }
}
