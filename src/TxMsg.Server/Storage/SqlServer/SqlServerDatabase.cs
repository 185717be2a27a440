using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.SqlClient;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.SqlServer;

/// <summary>The production store: any number of nodes on one database, which locks by itself. Right under READ COMMITTED with
/// locks and with row versions (READ_COMMITTED_SNAPSHOT) alike.</summary>
public sealed class SqlServerDatabase : StoreDatabase
{
    private static readonly TimeSpan MigrationLockTimeout = TimeSpan.FromSeconds(60);

    private readonly SqlConnectionStringBuilder builder;
    private readonly string pooled;

    /// <summary>Takes a connection string of Microsoft.Data.SqlClient; opens nothing yet.</summary>
    /// <exception cref="StoreStartException">It is none, or names no database.</exception>
    public SqlServerDatabase(string connectionString)
        : this(connectionString, SqlCatalogue.Load("sqlserver"))
    {
    }

    internal SqlServerDatabase(string connectionString, SqlCatalogue sql)
        : base(sql)
    {
        builder = SqlServerStart.ReadConnectionString(connectionString);
        pooled = builder.ToString();
    }

    /// <inheritdoc/>
    public override StoreProvider Provider => StoreProvider.SqlServer;

    /// <inheritdoc/>
    public override string DisplayName => $"SQL Server {builder.DataSource}, database {builder.InitialCatalog}";

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override async Task InitializeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenConnectionAsync(cancellationToken);
            var server = await connection.QuerySingleAsync<SqlServerStart.ServerDescription>(Sql["DescribeServer"]);
            SqlServerStart.CheckVersion(server);
        }
        catch (SqlException exception)
        {
            throw SqlServerStart.Explain(exception, builder);
        }
        catch (NotSupportedException exception)
        {
            // The provider needs cultures (ICU); the host runs in globalization-invariant mode.
            throw new StoreStartException($"SQL Server cannot be used here: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public override async Task WithMigrationLockAsync(Func<DbConnection, Task> migrate, CancellationToken cancellationToken)
    {
        // A script may take long; and the lock goes with its connection, which must therefore not go back to a pool.
        var own = new SqlConnectionStringBuilder(pooled) { Pooling = false, CommandTimeout = 3600 };
        await using var connection = new SqlConnection(own.ToString());
        await connection.OpenAsync(cancellationToken);
        var result = await connection.QuerySingleAsync<int>(Sql["TakeMigrationLock"], new { timeoutMs = (int)MigrationLockTimeout.TotalMilliseconds });
        if (result < 0)
            throw new StoreStartException($"Another node has been migrating {DisplayName} for {MigrationLockTimeout.TotalSeconds:0} s; start this one again when it is done.");
        await connection.ExecuteAsync(Sql["ConfigureMigration"]);
        await migrate(connection);
        await connection.ExecuteAsync(Sql["ReleaseMigrationLock"]);
    }

    /// <inheritdoc/>
    public override WriteSession OpenWriteSession()
    {
        // Not from the pool: it is kept as long as the process runs.
        var connection = new SqlConnection(new SqlConnectionStringBuilder(pooled) { Pooling = false }.ToString());
        try
        {
            connection.Open();
            // The server is there. A pool that it refused a connection would ask it again only after up to a minute.
            ForgetConnections();
            Configure(connection);
            var session = new SqlServerWriteSession(connection, Sql);
            session.Hurry(false);
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool IsTransient(DbException exception) => exception switch
    {
        SqlException error => SqlServerErrors.IsTransient(error),
        TransactionLostException => true,
        _ => false,
    };

    /// <inheritdoc/>
    public override bool IsTimeout(DbException exception) => exception is SqlException error && SqlServerErrors.IsTimeout(error);

    /// <inheritdoc/>
    public override bool IsUnavailable(DbException exception) => IsTransient(exception) || exception switch
    {
        SqlException error => SqlServerErrors.IsOfTheServer(error),
        // Not transient: it has been waited for, and to wait eight times as long is worse than to say so.
        NoFreeConnectionException => true,
        _ => false,
    };

    /// <inheritdoc/>
    public override bool IsBlocked(DbException exception) => exception is SqlException error && SqlServerErrors.IsBlocked(error);

    /// <inheritdoc/>
    public override bool NeedsNewConnection(DbException exception) => exception is SqlException error && SqlServerErrors.IsOfTheReplica(error);

    /// <inheritdoc/>
    public override bool IsDuplicateKey(DbException exception) => exception is SqlException error && SqlServerErrors.IsDuplicateKey(error);

    /// <inheritdoc/>
    public override bool IsFaultOfTheRow(DbException exception) => exception is SqlException error && SqlServerErrors.IsFaultOfTheRow(error);

    /// <inheritdoc/>
    public override IDisposable? EnterWriteGate() => null;

    /// <inheritdoc/>
    public override async Task<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        var connection = new SqlConnection(pooled);
        try
        {
            await OpenFromPoolAsync(connection, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        ForgetConnections();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void ForgetConnections()
    {
        using var connection = new SqlConnection(pooled);
        SqlConnection.ClearPool(connection);
    }

    /// <inheritdoc/>
    protected override ValueTask<IDisposable?> EnterWriteGateAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IDisposable?>(null);

    /// <inheritdoc/>
    protected override async ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        // The pool resets what a session has set.
        Configure((SqlConnection)connection);
        return await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task CommitAsync(DbTransaction transaction)
    {
        try
        {
            await base.CommitAsync(transaction);
        }
        catch (InvalidOperationException exception)
        {
            throw new TransactionLostException(exception);
        }
    }

    private static async Task OpenFromPoolAsync(SqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.OpenAsync(cancellationToken);
        }
        catch (InvalidOperationException exception) when (NoFreeConnectionException.IsMeantBy(exception, connection))
        {
            throw new NoFreeConnectionException(exception);
        }
    }

    private void Configure(SqlConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql["ConfigureConnection"];
        command.ExecuteNonQuery();
    }
}
