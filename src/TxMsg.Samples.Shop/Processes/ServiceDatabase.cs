using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace TxMsg.Samples.Shop.Processes;

/// <summary>A service's own database: a SQLite file named after it.</summary>
internal sealed class ServiceDatabase
{
    private readonly string connectionString;

    private ServiceDatabase(string path) => connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();

    public static string PathOf(string folder, string service) => Path.Combine(folder, service + ".db");

    /// <summary>Makes the tables that are missing. The SDK makes its own beside them.</summary>
    public static ServiceDatabase Create(RoleOptions role, string tables)
    {
        var database = new ServiceDatabase(PathOf(role.Folder, role.Name));
        using var connection = database.Connect();
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute(tables);
        return database;
    }

    /// <summary>A new, closed connection.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.StateChange += (_, change) =>
        {
            // One writes at a time. SQLite's own wait looks again after 1, 2, 5, ... ms, the provider's after 150 ms.
            if (change.CurrentState == ConnectionState.Open) connection.Execute("PRAGMA busy_timeout = 500");
        };
        return connection;
    }
}
