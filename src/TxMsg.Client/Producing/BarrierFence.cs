using System.Data;
using System.Data.Common;
using System.Globalization;
using TxMsg.Client.Local;

namespace TxMsg.Client.Producing;

/// <summary>One try to answer a check-back. A lock in the way is an exception that <see cref="DbErrors.IsLocked"/> knows;
/// by then nothing is held any more.</summary>
internal abstract class BarrierFence(DbConnection connection, TimeProvider time)
{
    private const int Entered = 1;
    private const int Tombstone = 2;

    protected DbConnection Connection { get; } = connection;

    public static BarrierFence Of(DbConnection connection, TimeProvider time) => SqlDialects.DialectOf(connection) == SqlDialect.Sqlite
        ? new SqliteBarrierFence(connection, time)
        : new SqlServerBarrierFence(connection, time);

    /// <summary>The outcome; a tombstone where there was none.</summary>
    public async Task<CheckBackAnswer> DecideAsync(Guid id, CancellationToken cancellationToken)
    {
        // A committed row is final, and reading it needs no writer's lock, which on SQLite whoever writes anything holds. That there is none decides nothing.
        var found = await RecallAsync(id, cancellationToken);
        if (found != CheckBackAnswer.Unknown) return found;
        return await TryInsertTombstoneAsync(id, cancellationToken) ? CheckBackAnswer.Rollback : await RecallAsync(id, cancellationToken);
    }

    /// <summary>The outcome; unknown where there is none.</summary>
    public async Task<CheckBackAnswer> RecallAsync(Guid id, CancellationToken cancellationToken) => await FindOutcomeAsync(id, cancellationToken) switch
    {
        null => CheckBackAnswer.Unknown,
        Entered => CheckBackAnswer.Commit,
        Tombstone => CheckBackAnswer.Rollback,
        var other => throw new InvalidDataException($"txmsg_barrier has the outcome {other} for message {id}, which this version does not know."),
    };

    /// <summary>Leaves the connection as it was.</summary>
    public virtual Task RestoreAsync() => Task.CompletedTask;

    /// <summary>Commits a tombstone; false where a committed row stands.</summary>
    protected abstract Task<bool> TryInsertTombstoneAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>What is committed now.</summary>
    protected abstract Task<int?> FindOutcomeAsync(Guid id, CancellationToken cancellationToken);

    protected DbCommand InsertTombstone(DbTransaction? transaction, Guid id) => BarrierCommands.Row(Connection, transaction, "InsertTombstone", id, time);

    protected DbCommand FindOutcome(DbTransaction? transaction, Guid id) => Connection.Command(transaction, "FindOutcome", ("id", id.ToBytes()));

    protected static async Task<int?> ReadAsync(DbCommand command, CancellationToken cancellationToken) =>
        await command.ExecuteScalarAsync(cancellationToken) is { } outcome and not DBNull ? Convert.ToInt32(outcome, CultureInfo.InvariantCulture) : null;
}

/// <summary>By BEGIN IMMEDIATE: who has the file's one writer's lock sees all that is committed, and nobody is in flight.</summary>
internal sealed class SqliteBarrierFence(DbConnection connection, TimeProvider time) : BarrierFence(connection, time)
{
    protected override async Task<bool> TryInsertTombstoneAsync(Guid id, CancellationToken cancellationToken)
    {
        await RunAsync("BeginFence", cancellationToken);
        try
        {
            await using var insert = InsertTombstone(null, id).WithoutWaiting();
            await insert.ExecuteNonQueryAsync(cancellationToken);
            await RunAsync("CommitFence", cancellationToken);
            return true;
        }
        catch (Exception exception)
        {
            await RunAsync("AbandonFence", CancellationToken.None);
            if (exception is DbException failure && DbErrors.IsDuplicateKey(failure)) return false;
            throw;
        }
    }

    protected override async Task<int?> FindOutcomeAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var find = FindOutcome(null, id).WithoutWaiting();
        return await ReadAsync(find, cancellationToken);
    }

    private async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = Connection.Command(null, name).WithoutWaiting();
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>By the unique key: an insert of the same id waits for whoever is inserting it, at every isolation level.</summary>
internal sealed class SqlServerBarrierFence(DbConnection connection, TimeProvider time) : BarrierFence(connection, time)
{
    private bool hasSetLockTimeout;

    protected override async Task<bool> TryInsertTombstoneAsync(Guid id, CancellationToken cancellationToken)
    {
        // Named, because a pooled connection may keep the level of whoever had it before.
        await using var transaction = await Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await using var insert = InsertTombstone(transaction, id);
        hasSetLockTimeout = true;
        try
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (DbException exception) when (DbErrors.IsDuplicateKey(exception))
        {
            return false;
        }

        // An answer is not given up between the commit and its acknowledgement.
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    protected override async Task<int?> FindOutcomeAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var transaction = await Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await using var find = FindOutcome(transaction, id);
        hasSetLockTimeout = true;
        return await ReadAsync(find, cancellationToken);
    }

    public override async Task RestoreAsync()
    {
        // A connection that is lost has nothing to restore, and the failure that lost it is the one to tell.
        if (!hasSetLockTimeout || Connection.State != ConnectionState.Open) return;
        await using var restore = Connection.Command(null, "RestoreLockTimeout");
        await restore.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
