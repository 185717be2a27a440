using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace TxMsg.Server.Storage.SqlServer;

/// <summary>All connections of the pool are in use, and none became free in time. The provider has no error of the database for that, and
/// whoever asked would take it for a mistake of its own.</summary>
internal sealed class NoFreeConnectionException(Exception inner) : DbException("All connections of the pool are in use, and none became free in time.", inner)
{
    /// <summary>Whether this is what <paramref name="exception"/>, thrown while <paramref name="connection"/> was opened, means. By what it
    /// is and not by its text, which is in the language of the machine: nothing else is an invalid operation in opening a connection that
    /// is new and knows where it leads.</summary>
    public static bool IsMeantBy(InvalidOperationException exception, SqlConnection connection) =>
        exception.GetType() == typeof(InvalidOperationException) && connection.State == ConnectionState.Closed && connection.ConnectionString.Length > 0;
}
