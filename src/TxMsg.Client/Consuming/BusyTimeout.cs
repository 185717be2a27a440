using System.Data;
using System.Data.Common;
using System.Reflection;

namespace TxMsg.Client.Consuming;

/// <summary>How long SQLite waits for the one transaction that writes. It is the connection's, and waited for when a transaction begins;
/// the property is read by its name, as the SDK depends on no provider.</summary>
internal static class BusyTimeout
{
    /// <summary>Begins a transaction that waits no longer than that; what the handler does afterwards has the connection's own timeout.</summary>
    public static async Task<DbTransaction> BeginAsync(DbConnection connection, IsolationLevel level, TimeSpan wait, CancellationToken cancellationToken)
    {
        var property = Of(connection);
        var own = property.GetValue(connection);
        property.SetValue(connection, (int)Math.Ceiling(wait.TotalSeconds));
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
