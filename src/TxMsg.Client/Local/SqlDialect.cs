using System.Data.Common;

namespace TxMsg.Client.Local;

/// <summary>A database that a service keeps its own tables in, and TxMsg's beside them.</summary>
public enum SqlDialect
{
    /// <summary>SQLite, by Microsoft.Data.Sqlite.</summary>
    Sqlite,

    /// <summary>SQL Server 2017 or later and Azure SQL, by Microsoft.Data.SqlClient or System.Data.SqlClient.</summary>
    SqlServer,
}

internal static class SqlDialects
{
    /// <summary>The dialect of a connection, by the name of its provider: the SDK depends on neither of them.</summary>
    /// <exception cref="NotSupportedException">The provider is neither SQLite's nor SQL Server's.</exception>
    public static SqlDialect DialectOf(DbConnection connection) => connection.GetType().Name switch
    {
        "SqliteConnection" => SqlDialect.Sqlite,
        "SqlConnection" => SqlDialect.SqlServer,
        var name => throw new NotSupportedException($"TxMsg's local tables need SQLite or SQL Server; {name} is neither."),
    };

    /// <summary>The folder of its scripts.</summary>
    public static string Folder(this SqlDialect dialect) => dialect == SqlDialect.Sqlite ? "sqlite" : "sqlserver";
}
