using System.Data.Common;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.SqlServer;

/// <summary>The production store: any number of nodes on one database.</summary>
public sealed class SqlServerDatabase(string connectionString) : StoreDatabase(SqlCatalogue.Load("sqlserver"))
{
    private readonly string connectionString = connectionString;

    public override StoreProvider Provider => StoreProvider.SqlServer;

    public override string DisplayName => "SQL Server" + connectionString.Length;

    public override bool IsShared => true;

    public override WriteSession OpenWriteSession() => throw new NotSupportedException();

    public override Task InitializeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task WithMigrationLockAsync(Func<DbConnection, Task> migrate, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override bool IsTransient(DbException exception) => throw new NotSupportedException();

    public override bool IsDuplicateKey(DbException exception) => throw new NotSupportedException();

    public override bool IsFaultOfTheRow(DbException exception) => throw new NotSupportedException();

    public override IDisposable? EnterWriteGate() => null;

    public override Task<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override ValueTask<IDisposable?> EnterWriteGateAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IDisposable?>(null);

    protected override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) => throw new NotSupportedException();
}
