using System.Data;
using System.Data.Common;
using System.Diagnostics;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage;

/// <summary>A database that TxMsg keeps its rows in: connections, transactions, and what its errors mean.
/// The stores are the same for every database; only the SQL text and this class differ.</summary>
public abstract class StoreDatabase(SqlCatalogue sql) : IAsyncDisposable
{
    private const int MaxTries = 8;

    /// <summary>How long after its beginning something is still run again: past a wait for a lock, but not past one for a server that is away. Whoever
    /// asked is better told than kept.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>The statements of this database.</summary>
    public SqlCatalogue Sql { get; } = sql;

    /// <summary>Which database this is.</summary>
    public abstract StoreProvider Provider { get; }

    /// <summary>What start-up and the admin UI may show of where the rows are: never a password.</summary>
    public abstract string DisplayName { get; }

    /// <summary>Whether other nodes may work on the same rows.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Runs a read on a connection of its own. A read may be a deadlock's victim too: then it is run again. One that took too
    /// long is not: who asked has waited long enough, and may ask again.</summary>
    public Task<T> ReadAsync<T>(Func<StoreConnection, Task<T>> read, CancellationToken cancellationToken = default) =>
        RepeatAsync(
            async () =>
            {
                await using var connection = await OpenConnectionAsync(cancellationToken);
                return await read(new StoreConnection(connection, null, Sql, cancellationToken));
            },
            exception => IsTransient(exception) && !IsTimeout(exception),
            cancellationToken);

    /// <summary>Runs a write in a transaction of its own; it is durable when this returns. Deadlock, busy, write conflict and a row
    /// that another node has just made are tried again, and so is a commit whose answer was lost: <paramref name="write"/> may run
    /// several times, and may find what an earlier run of it has written.</summary>
    public Task<T> WriteAsync<T>(Func<StoreConnection, Task<T>> write, CancellationToken cancellationToken = default) =>
        RepeatAsync(() => WriteOnceAsync(write, cancellationToken), exception => IsTransient(exception) || IsDuplicateKey(exception), cancellationToken);

    /// <summary>Runs a write that returns nothing.</summary>
    public Task WriteAsync(Func<StoreConnection, Task> write, CancellationToken cancellationToken = default) =>
        WriteAsync(async connection =>
        {
            await write(connection);
            return true;
        }, cancellationToken);

    /// <summary>A connection for the group committer, kept for long.</summary>
    public abstract WriteSession OpenWriteSession();

    /// <summary>Makes the database and its folder if that is this provider's way, and takes what one node must hold alone.</summary>
    public abstract Task InitializeAsync(CancellationToken cancellationToken);

    /// <summary>Runs <paramref name="migrate"/> while no other node migrates.</summary>
    public abstract Task WithMigrationLockAsync(Func<DbConnection, Task> migrate, CancellationToken cancellationToken);

    /// <summary>Whether the same transaction may succeed when run again: deadlock, busy, write conflict, lost connection.</summary>
    public abstract bool IsTransient(DbException exception);

    /// <summary>Whether another transaction held what this one needed for longer than it waits. Never where one process writes.</summary>
    public virtual bool IsBlocked(DbException exception) => false;

    /// <summary>Whether a statement, or connecting, took longer than it may. Never where there is no other process to wait for.</summary>
    public virtual bool IsTimeout(DbException exception) => false;

    /// <summary>Whether the database cannot do its work just now, and may later without a change of what is asked: transient, or out
    /// of disk, memory or reach. Neither damage nor a statement that it refuses.</summary>
    public virtual bool IsUnavailable(DbException exception) => IsTransient(exception);

    /// <summary>Whether the same transaction can only succeed on another connection, although this one is whole: it leads to a replica
    /// that is no longer the primary.</summary>
    public virtual bool NeedsNewConnection(DbException exception) => false;

    /// <summary>Whether a unique index refused a row.</summary>
    public abstract bool IsDuplicateKey(DbException exception);

    /// <summary>Whether the database refused a value, not the transaction: constraint, type, length.</summary>
    public abstract bool IsFaultOfTheRow(DbException exception);

    /// <summary>Waits, blocking, until this process may write; nothing where the database locks by itself.</summary>
    public abstract IDisposable? EnterWriteGate();

    /// <summary>Enters the write gate if it is free, else null. Always null where a write is a wait for a server, which is for a thread of its own.</summary>
    public virtual IDisposable? TryEnterWriteGate() => null;

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static TimeSpan RetryDelay(int attempt) =>
        TimeSpan.FromMilliseconds((10 << Math.Min(attempt, 6)) * (0.5 + Random.Shared.NextDouble()));

    /// <summary>An open connection from the pool.</summary>
    public abstract Task<DbConnection> OpenConnectionAsync(CancellationToken cancellationToken);

    /// <summary>Waits until this process may write; a database that locks by itself returns at once.</summary>
    protected abstract ValueTask<IDisposable?> EnterWriteGateAsync(CancellationToken cancellationToken);

    /// <summary>Begins a transaction that is sure to be able to write.</summary>
    protected abstract ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Commits, not to be cancelled: it would not be known whether it had been.</summary>
    protected virtual Task CommitAsync(DbTransaction transaction) => transaction.CommitAsync(CancellationToken.None);

    /// <summary>Keeps no connection of those that wait in the pool: each would fail as the last one did.</summary>
    protected virtual void ForgetConnections()
    {
    }

    private async Task<T> RepeatAsync<T>(Func<Task<T>> run, Func<DbException, bool> mayRepeat, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await run();
            }
            catch (DbException exception) when (attempt < MaxTries && Stopwatch.GetElapsedTime(began) < Patience && mayRepeat(exception))
            {
                if (NeedsNewConnection(exception)) ForgetConnections();
                await Task.Delay(RetryDelay(attempt), TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task<T> WriteOnceAsync<T>(Func<StoreConnection, Task<T>> write, CancellationToken cancellationToken)
    {
        using var gate = await EnterWriteGateAsync(cancellationToken);
        await using var connection = await OpenConnectionAsync(cancellationToken);
        var transaction = await BeginWriteAsync(connection, cancellationToken);
        try
        {
            var result = await write(new StoreConnection(connection, transaction, Sql, cancellationToken));
            await CommitAsync(transaction);
            return result;
        }
        finally
        {
            await EndAsync(transaction);
        }
    }

    // One that was not committed is rolled back.
    private static async ValueTask EndAsync(DbTransaction transaction)
    {
        try
        {
            await transaction.DisposeAsync();
        }
        catch (InvalidOperationException)
        {
            // Its connection is lost, and the server rolls it back by itself. What lost it is the failure to tell, and to judge by.
        }
    }
}
