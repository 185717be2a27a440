using System.Data.Common;
using Microsoft.Data.Sqlite;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Tests.Storage.GroupCommit;

/// <summary>A store that other nodes write to as well, and that has read-only replicas: a connection to one is whole, and no use.</summary>
internal sealed class SharedDatabase(StoreDatabase store) : StoreDatabase(store.Sql)
{
    public static SqliteException ReadOnly => new("attempt to write a readonly database", 8);

    public static SqliteException LockTimeout => new("lock timeout", 6);

    public int OpenedSessions { get; private set; }

    public override StoreProvider Provider => store.Provider;

    public override string DisplayName => store.DisplayName;

    public override bool IsShared => true;

    public override WriteSession OpenWriteSession()
    {
        OpenedSessions++;
        return store.OpenWriteSession();
    }

    public override bool IsTransient(DbException exception) => NeedsNewConnection(exception) || store.IsTransient(exception);

    public override bool IsBlocked(DbException exception) => exception is SqliteException { SqliteErrorCode: 6 };

    public override bool NeedsNewConnection(DbException exception) => exception is SqliteException { SqliteErrorCode: 8 };

    public override bool IsDuplicateKey(DbException exception) => store.IsDuplicateKey(exception);

    public override bool IsFaultOfTheRow(DbException exception) => store.IsFaultOfTheRow(exception);

    public override IDisposable? EnterWriteGate() => store.EnterWriteGate();

    public override Task InitializeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task WithMigrationLockAsync(Func<DbConnection, Task> migrate, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override ValueTask<IDisposable?> EnterWriteGateAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) => throw new NotSupportedException();
}
