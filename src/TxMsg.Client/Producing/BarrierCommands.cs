using System.Data;
using System.Data.Common;
using TxMsg.Client.Local;

namespace TxMsg.Client.Producing;

/// <summary>The barrier's statements as commands.</summary>
internal static class BarrierCommands
{
    /// <summary>Between two tries of what another transaction stands in the way of.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Microsoft.Data.Sqlite otherwise tries again by itself, blocking a thread, for a whole second at least.
    private const int AtOnce = -1;

    public static DbCommand Row(DbConnection connection, DbTransaction? transaction, string name, Guid id, TimeProvider time) =>
        connection.Command(transaction, name, ("id", id.ToBytes()), ("now", time.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>Makes a command of SQLite fail at once where the file is locked.</summary>
    public static DbCommand WithoutWaiting(this DbCommand command)
    {
        command.CommandTimeout = AtOnce;
        return command;
    }

    /// <summary>Runs an insert that may meet another transaction's lock: SQL Server waits by itself; on SQLite it is tried again for as long as a command may take.</summary>
    public static async Task InsertPatientlyAsync(DbCommand command, SqlDialect dialect, TimeProvider time, CancellationToken cancellationToken)
    {
        if (dialect == SqlDialect.SqlServer)
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
            return;
        }

        var limit = command.CommandTimeout is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        var start = time.GetTimestamp();
        command.WithoutWaiting();
        while (true)
        {
            try
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (DbException exception) when (DbErrors.IsLocked(exception) && !DbErrors.IsStaleSnapshot(exception) && time.GetElapsedTime(start) < limit)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Rolls back so that nothing more can be done in the transaction, nor beside it by code that goes on in spite of the exception.</summary>
    public static async Task DoomAsync(DbConnection connection, DbTransaction transaction, SqlDialect dialect)
    {
        // Lost or closed: the server rolls back, and there is nothing left to refuse.
        if (connection.State != ConnectionState.Open) return;
        try
        {
            await using var doom = connection.Command(transaction, "DoomTransaction");
            await doom.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            // It could not be rolled back by hand, or the database had rolled it back already: closing settles either.
            await CloseForGoodAsync(connection);
            return;
        }

        // SqlClient runs what comes after a rollback outside any transaction, and Dapper and EF Core open what is closed.
        if (dialect == SqlDialect.SqlServer) await CloseForGoodAsync(connection);
    }

    private static async Task CloseForGoodAsync(DbConnection connection)
    {
        await connection.CloseAsync();
        connection.ConnectionString = "";
    }
}
