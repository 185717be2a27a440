using Microsoft.Data.SqlClient;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.SqlServer;
using TxMsg.Server.Storage.Sqlite;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>A database of its own for a fixture; gone with it.</summary>
public abstract class TestStore : IAsyncDisposable
{
    /// <summary>Holds a connection string; whatever database it names, the tests make their own.</summary>
    public const string Variable = "TXMSG_TEST_SQLSERVER";

    public static string? SqlServerConnectionString => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? value : null;

    /// <summary>The stores that can be tested here.</summary>
    public static IEnumerable<StoreProvider> Available =>
        SqlServerConnectionString is null ? [StoreProvider.Sqlite] : [StoreProvider.Sqlite, StoreProvider.SqlServer];

    public abstract StoreProvider Provider { get; }

    public static async Task<TestStore> CreateAsync(StoreProvider provider)
    {
        if (provider == StoreProvider.Sqlite) return new SqliteTestStore();
        var store = new SqlServerTestStore(SqlServerConnectionString!);
        await store.CreateAsync();
        return store;
    }

    /// <summary>As another process opens it.</summary>
    public abstract StoreDatabase Open();

    public abstract ValueTask DisposeAsync();

    private sealed class SqliteTestStore : TestStore
    {
        private readonly string folder = Directory.CreateTempSubdirectory("txmsg-stores-").FullName;

        public override StoreProvider Provider => StoreProvider.Sqlite;

        public override StoreDatabase Open() => new SqliteDatabase($"Data Source={Path.Combine(folder, "txmsg.db")}");

        public override ValueTask DisposeAsync()
        {
            Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class SqlServerTestStore(string connectionString) : TestStore
    {
        private readonly string name = $"txmsg_test_{Guid.NewGuid():N}";

        public override StoreProvider Provider => StoreProvider.SqlServer;

        public override StoreDatabase Open() =>
            new SqlServerDatabase(new SqlConnectionStringBuilder(connectionString) { InitialCatalog = name }.ToString());

        public Task CreateAsync() => RunAsync($"CREATE DATABASE {name}");

        public override async ValueTask DisposeAsync()
        {
            SqlConnection.ClearAllPools();
            // The server notices only a little later that a connection was closed.
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await RunAsync($"DROP DATABASE {name}");
                    return;
                }
                catch (SqlException) when (attempt < 50)
                {
                    await Task.Delay(200);
                }
            }
        }

        private async Task RunAsync(string sql)
        {
            await using var connection = new SqlConnection(new SqlConnectionStringBuilder(connectionString) { InitialCatalog = "master", Pooling = false }.ToString());
            await connection.OpenAsync();
            await using var command = new SqlCommand(sql, connection) { CommandTimeout = 120 };
            await command.ExecuteNonQueryAsync();
        }
    }
}
