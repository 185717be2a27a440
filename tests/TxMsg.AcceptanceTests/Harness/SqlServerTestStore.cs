using System.Diagnostics;
using Microsoft.Data.SqlClient;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A database of its own on the server that TXMSG_TEST_SQLSERVER names, dropped afterwards.</summary>
public sealed class SqlServerTestStore : ITestStore
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string database = $"txmsg_test_{Guid.NewGuid():N}";

    private SqlServerTestStore()
    {
    }

    public Settings Settings => Settings.None
        .With("TxMsg:Store:Provider", "SqlServer")
        .With("TxMsg:Store:ConnectionString", ConnectionTo(database))
        .With("TxMsg:Jobs:Storage", Environment.GetEnvironmentVariable("TXMSG_TEST_JOBS_STORAGE") ?? "InMemory");

    public static async Task<SqlServerTestStore> CreateAsync()
    {
        var store = new SqlServerTestStore();
        await ExecuteAsync($"CREATE DATABASE [{store.database}]");
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        SqlConnection.ClearAllPools();
        // a database in use cannot be dropped, and the server notices only a little later that a killed coordinator is gone
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await ExecuteAsync($"DROP DATABASE [{database}]");
                return;
            }
            catch (SqlException) when (clock.Elapsed < Eventually.Deadline)
            {
                await Task.Delay(Pause);
            }
        }
    }

    private static string ConnectionTo(string catalog) =>
        new SqlConnectionStringBuilder(TestStores.SqlServerConnectionString) { InitialCatalog = catalog }.ConnectionString;

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqlConnection(ConnectionTo("master"));
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }
}
