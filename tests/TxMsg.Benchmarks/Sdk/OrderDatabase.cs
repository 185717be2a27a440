using Microsoft.Data.Sqlite;

namespace TxMsg.Benchmarks.Sdk;

/// <summary>The order service's own database: a file in WAL mode in which every commit is flushed.</summary>
internal sealed class OrderDatabase
{
    private readonly string connectionString;

    public OrderDatabase(string directory)
    {
        connectionString = $"Data Source={Path.Combine(Directory.CreateDirectory(directory).FullName, "orders.db")};Default Timeout=60;Pooling=False";
        using var connection = Connect();
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL, amount INTEGER NOT NULL)");
    }

    /// <summary>A new connection. Whoever opens it waits for the one writer as SQLite does; the provider's own wait is 150 ms at a time.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == System.Data.ConnectionState.Open) Execute(connection, "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 60000");
        };
        return connection;
    }

    public long CountOrders()
    {
        using var connection = Connect();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM orders";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>What every way does: the order itself.</summary>
    public static async Task InsertOrderAsync(SqliteTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO orders (customer, amount) VALUES ('a customer', 100)";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
