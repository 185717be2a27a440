using System.Data;
using System.Data.Common;
using System.Reflection;

namespace TxMsg.Client.Local;

/// <summary>How long SQLite waits for the one transaction that writes. It is the connection's, and waited for when a transaction begins;
/// the property is read by its name, as the SDK depends on no provider.</summary>
internal static class BusyTimeout
{
    // The provider otherwise tries again by itself, blocking a thread.
    private const int AtOnce = -1;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Begins a transaction that waits no longer than that; what the handler does afterwards has the connection's own timeout.</summary>
    public static Task<DbTransaction> BeginAsync(DbConnection connection, IsolationLevel level, TimeSpan wait, CancellationToken cancellationToken) =>
        BeginAsync(connection, level, (int)Math.Ceiling(wait.TotalSeconds), cancellationToken);

    /// <summary>Begins a transaction that waits as long as the connection says, without a thread, and no longer than the caller wants it.</summary>
    public static async Task<DbTransaction> BeginPatientlyAsync(DbConnection connection, IsolationLevel level, TimeProvider time, CancellationToken cancellationToken)
    {
        if (SqlDialects.DialectOf(connection) == SqlDialect.SqlServer) return await connection.BeginTransactionAsync(level, cancellationToken).ConfigureAwait(false);
        var limit = Of(connection).GetValue(connection) is int and > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await BeginAsync(connection, level, AtOnce, cancellationToken).ConfigureAwait(false);
            }
            catch (DbException exception) when (DbErrors.IsLocked(exception) && time.GetElapsedTime(start) < limit)
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<DbTransaction> BeginAsync(DbConnection connection, IsolationLevel level, int seconds, CancellationToken cancellationToken)
    {
        var property = Of(connection);
        var own = property.GetValue(connection);
        property.SetValue(connection, seconds);
        try
        {
            return await connection.BeginTransactionAsync(level, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            property.SetValue(connection, own);
        }
    }

    private static PropertyInfo Of(DbConnection connection) =>
        connection.GetType().GetProperty("DefaultTimeout") ?? throw new NotSupportedException($"{connection.GetType().FullName} has no default timeout: Microsoft.Data.Sqlite is needed.");
}
