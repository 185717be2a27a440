using System.Diagnostics;
using Microsoft.Data.SqlClient;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A database of its own on the server that TXMSG_TEST_SQLSERVER names, dropped afterwards. Whatever database the connection string
/// names, the tests make their own.</summary>
public sealed class ServerDatabase : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan DropLimit = TimeSpan.FromMinutes(3);

    // A server copies its model database for a new one, and refuses a second who asks meanwhile (error 1807).
    private static readonly SemaphoreSlim OneAtATime = new(1);

    private readonly string name = $"txmsg_test_{Guid.NewGuid():N}";

    private ServerDatabase()
    {
    }

    /// <summary>The variable that holds the server's connection string.</summary>
    public const string Variable = "TXMSG_TEST_SQLSERVER";

    /// <summary>The server, or null when none is configured.</summary>
    public static string? Server { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    public string ConnectionString => To(name).ConnectionString;

    public static async Task<ServerDatabase> CreateAsync()
    {
        var database = new ServerDatabase();
        await OneAtATime.WaitAsync();
        try
        {
            await RunAsync($"CREATE DATABASE [{database.name}]");
            return database;
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    /// <summary>Sets an option of the database, such as <c>READ_COMMITTED_SNAPSHOT ON</c>.</summary>
    /// <exception cref="SqlException">The server does not know it: not every compatible one does.</exception>
    public Task SetAsync(string option) => RunAsync($"ALTER DATABASE [{name}] SET {option}");

    public async ValueTask DisposeAsync()
    {
        SqlConnection.ClearAllPools();
        // A database in use cannot be dropped, and the server notices only a little later that a connection was closed or its process killed.
        for (var clock = Stopwatch.StartNew(); ;)
        {
            await OneAtATime.WaitAsync();
            try
            {
                await RunAsync($"DROP DATABASE [{name}]");
                return;
            }
            catch (SqlException) when (clock.Elapsed < DropLimit)
            {
                // tried again below
            }
            finally
            {
                OneAtATime.Release();
            }

            await Task.Delay(Pause);
        }
    }

    private static SqlConnectionStringBuilder To(string catalog) => new(Server) { InitialCatalog = catalog };

    private static async Task RunAsync(string sql)
    {
        var master = To("master");
        master.Pooling = false;
        await using var connection = new SqlConnection(master.ConnectionString);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }
}
