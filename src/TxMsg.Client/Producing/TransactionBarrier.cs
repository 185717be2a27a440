using System.Data;
using System.Data.Common;
using TxMsg.Client.Local;

namespace TxMsg.Client.Producing;

/// <summary>The table <c>txmsg_barrier</c> in a producer's own database, where a local transaction and the check-backs about it meet:
/// the first to insert the message id decides. Safe for concurrent use, and for any number of instances on one database.</summary>
/// <remarks>An answer is as durable as the database's commits: on SQLite <c>synchronous=FULL</c> (the default), on SQL Server
/// full transaction durability (the default; not <c>DELAYED_DURABILITY</c>).</remarks>
/// <param name="time">The clock that rows are stamped by and their age is told by. Waits for the database's locks are measured in real time.</param>
public sealed class TransactionBarrier(TimeProvider time)
{
    // Below what makes SQL Server lock the table, and short for SQLite's one writer.
    private const int PurgeBatch = 1_000;

    /// <summary>What waits for locks are measured by: a database is real also where a test turns the clock. Another one makes the order of steps a test's.</summary>
    internal TimeProvider LockTime { get; init; } = TimeProvider.System;

    /// <summary>Makes the table if it is missing. May run in several instances at once.</summary>
    /// <param name="openConnection">A connection to the producer's database, outside any transaction.</param>
    /// <param name="cancellationToken">Ends the call; the table is there whole or not at all.</param>
    public async Task CreateTableAsync(DbConnection openConnection, CancellationToken cancellationToken = default)
    {
        try
        {
            await CreateOnceAsync(openConnection, cancellationToken);
        }
        catch (DbException)
        {
            // Another instance was quicker: now the table stands. Anything else fails again.
            await CreateOnceAsync(openConnection, cancellationToken);
        }
    }

    /// <summary>Enters the local transaction: its first statement. What it then does is committed together with the message, or not at all.
    /// If this throws, whatever the reason, the local transaction is rolled back and cannot be used any more, even by code that
    /// goes on: on SQLite every further statement of the transaction and its commit are refused until it is disposed or rolled
    /// back; on SQL Server the connection is closed for good, so take another one. Dispose the transaction: there is nothing left to roll back,
    /// and SqlClient's <c>Rollback</c> would say so by an <see cref="InvalidOperationException"/>.</summary>
    /// <param name="transaction">The local transaction, of any isolation level.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellationToken">Ends the wait for another transaction that holds the id.</param>
    /// <exception cref="BarrierRejectedException">A check-back fenced it off, or the id was used before.</exception>
    /// <exception cref="DbException">The database failed, or another transaction held the lock for longer than a command may take.</exception>
    /// <exception cref="ArgumentException">The transaction is over.</exception>
    /// <exception cref="InvalidOperationException">There is an ambient transaction (a <c>TransactionScope</c>).</exception>
    public async Task EnterAsync(DbTransaction transaction, Guid messageId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var connection = transaction.Connection ?? throw new ArgumentException("The transaction is over.", nameof(transaction));
        var dialect = SqlDialects.DialectOf(connection);
        try
        {
            AmbientTransaction.Refuse("A barrier is entered outside any ambient transaction: the local transaction's commit must be final.");
            await using var command = BarrierCommands.Row(connection, transaction, "EnterBarrier", messageId, time);
            await BarrierCommands.InsertPatientlyAsync(command, dialect, LockTime, cancellationToken);
        }
        catch (Exception exception)
        {
            await BarrierCommands.DoomAsync(connection, transaction, dialect);
            if (exception is DbException failure && DbErrors.IsDuplicateKey(failure)) throw new BarrierRejectedException(messageId, failure);
            throw;
        }
    }

    /// <summary>Answers a check-back, and fences: where no row stands it writes a tombstone, so that the local transaction can never
    /// commit any more. <c>Commit</c> and <c>Rollback</c> are final and never contradict each other.</summary>
    /// <param name="openConnection">A connection to the producer's database, outside any transaction.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="wait">How long to wait for a local transaction in flight; zero or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see cref="CheckBackAnswer.Unknown"/> when another transaction still stood in the way after <paramref name="wait"/>.</returns>
    /// <exception cref="DbException">The database failed: nothing is known.</exception>
    /// <exception cref="InvalidOperationException">The connection is inside a transaction, or there is an ambient one.</exception>
    public Task<CheckBackAnswer> AnswerAsync(DbConnection openConnection, Guid messageId, TimeSpan wait, CancellationToken cancellationToken = default) =>
        AskAsync(openConnection, wait, fence => fence.DecideAsync(messageId, cancellationToken), cancellationToken);

    /// <summary>Answers as <see cref="AnswerAsync"/> does, but writes nothing: no row is <see cref="CheckBackAnswer.Unknown"/>.</summary>
    internal Task<CheckBackAnswer> RecallAsync(DbConnection openConnection, Guid messageId, TimeSpan wait, CancellationToken cancellationToken = default) =>
        AskAsync(openConnection, wait, fence => fence.RecallAsync(messageId, cancellationToken), cancellationToken);

    /// <summary>Deletes old rows, in small batches. A row must outlive every check-back about its message and every start of its local
    /// transaction: a message whose row is gone would be answered <c>rollback</c>.</summary>
    /// <param name="openConnection">A connection to the producer's database, outside any transaction.</param>
    /// <param name="olderThan">The age that rows are kept for. Longer than the coordinator asks about a message (its <c>giveUpAfterSeconds</c>, 72 hours
    /// by default) and than it is left parked after that; 30 days leave ample room.</param>
    /// <param name="cancellationToken">Ends it after a batch.</param>
    /// <returns>How many rows were deleted.</returns>
    public async Task<int> PurgeAsync(DbConnection openConnection, TimeSpan olderThan, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(olderThan, TimeSpan.Zero);
        var before = (time.GetUtcNow() - olderThan).ToUnixTimeMilliseconds();
        var total = 0;
        for (var deleted = PurgeBatch; deleted == PurgeBatch; total += deleted)
        {
            await using var transaction = await openConnection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            await using var command = openConnection.Command(transaction, "DeleteOldBarrierRows", ("before", before), ("limit", PurgeBatch));
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return total;
    }

    private static async Task CreateOnceAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await using var command = connection.Command(transaction, "CreateBarrierTable");
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<CheckBackAnswer> AskAsync(DbConnection connection, TimeSpan wait, Func<BarrierFence, Task<CheckBackAnswer>> ask, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero);
        AmbientTransaction.Refuse("A check-back is answered outside any ambient transaction: the tombstone is committed on its own.");
        var fence = BarrierFence.Of(connection, time);
        try
        {
            return await UntilUnlockedAsync(() => ask(fence), wait, cancellationToken);
        }
        finally
        {
            await fence.RestoreAsync();
        }
    }

    // Between two tries nothing is held, so that whoever stands in the way can finish.
    private async Task<CheckBackAnswer> UntilUnlockedAsync(Func<Task<CheckBackAnswer>> ask, TimeSpan wait, CancellationToken cancellationToken)
    {
        var start = LockTime.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (DbException exception) when (DbErrors.IsLocked(exception))
            {
                if (LockTime.GetElapsedTime(start) >= wait) return CheckBackAnswer.Unknown;
            }

            await Task.Delay(BarrierCommands.Pause, LockTime, cancellationToken);
        }
    }
}
