using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Storage.SqlServer;

namespace TxMsg.Server.Tests.Storage;

/// <summary>A store with the troubles of a server: statements that wait for those of others, in a circle or for too long, and answers that are lost.</summary>
internal sealed class TroubledDatabase(StoreDatabase store) : StoreDatabase(store.Sql)
{
    public static SqliteException Deadlock => new("database is locked", 5);

    public static SqliteException Timeout => new("interrupted", 9);

    /// <summary>Whether the next commit is done and its answer lost.</summary>
    public bool LosesAnswer { get; set; }

    /// <summary>Whether no connection is to be had once, right after the next commit.</summary>
    public bool IsGoneAfterCommit { get; set; }

    /// <summary>Whether the connection of a transaction that fails is lost with it, which the provider says when the transaction is disposed.</summary>
    public bool LosesConnection { get; init; }

    /// <summary>Whether the provider gives up opening a connection as if somebody had cancelled it.</summary>
    public bool CancelsByItself { get; set; }

    private bool IsGone { get; set; }

    public override StoreProvider Provider => store.Provider;

    public override string DisplayName => store.DisplayName;

    public override bool IsShared => true;

    public override bool IsTransient(DbException exception) => IsTimeout(exception) || store.IsTransient(exception);

    public override bool IsTimeout(DbException exception) => exception is SqliteException { SqliteErrorCode: 9 };

    public override bool IsDuplicateKey(DbException exception) => store.IsDuplicateKey(exception);

    public override bool IsFaultOfTheRow(DbException exception) => store.IsFaultOfTheRow(exception);

    public override IDisposable? EnterWriteGate() => store.EnterWriteGate();

    public override Task<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        if (CancelsByItself) throw new TaskCanceledException("the test's");
        if (!IsGone) return store.OpenConnectionAsync(cancellationToken);
        IsGone = false;
        throw new NoFreeConnectionException(new InvalidOperationException("the test's"));
    }

    public override WriteSession OpenWriteSession() => throw new NotSupportedException();

    public override Task InitializeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task WithMigrationLockAsync(Func<DbConnection, Task> migrate, CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override ValueTask<IDisposable?> EnterWriteGateAsync(CancellationToken cancellationToken) => ValueTask.FromResult(store.EnterWriteGate());

    protected override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        ValueTask.FromResult<DbTransaction>(LosesConnection
            ? new LostTransaction(connection)
            : ((SqliteConnection)connection).BeginTransaction(deferred: false));

    protected override async Task CommitAsync(DbTransaction transaction)
    {
        await base.CommitAsync(transaction);
        (IsGone, IsGoneAfterCommit) = (IsGoneAfterCommit, false);
        if (!LosesAnswer) return;
        LosesAnswer = false;
        throw Deadlock;
    }

    private sealed class LostTransaction(DbConnection connection) : DbTransaction
    {
        private bool isCommitted;

        public override IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;

        protected override DbConnection DbConnection => connection;

        public override void Commit() => isCommitted = true;

        public override void Rollback() => throw new InvalidOperationException("Invalid operation. The connection is closed.");

        protected override void Dispose(bool disposing)
        {
            if (!isCommitted) Rollback();
        }
    }
}
