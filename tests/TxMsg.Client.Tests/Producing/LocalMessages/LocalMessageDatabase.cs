using System.Data.Common;
using Dapper;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Client.Local;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>A service's own database: of the fixture, gone with it.</summary>
public sealed class LocalMessageDatabase : IAsyncDisposable
{
    private const string Variable = "TXMSG_TEST_SQLSERVER";
    private readonly string name = $"txmsg_test_{Guid.NewGuid():N}";
    private readonly SqlDialect dialect;
    private readonly string folder;

    private LocalMessageDatabase(SqlDialect dialect, string folder) => (this.dialect, this.folder) = (dialect, folder);

    private static string? SqlServer => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? value : null;

    public static async Task<LocalMessageDatabase> CreateAsync(SqlDialect dialect)
    {
        if (dialect == SqlDialect.SqlServer && SqlServer is null) Assert.Ignore($"set {Variable} to a connection string to run these tests on SQL Server");
        var database = new LocalMessageDatabase(dialect, dialect == SqlDialect.Sqlite ? Directory.CreateTempSubdirectory("txmsg-client-").FullName : "");
        if (dialect == SqlDialect.Sqlite)
        {
            await using var connection = database.Connect();
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");
        }
        else
        {
            await RunOnServerAsync($"CREATE DATABASE {database.name}");
        }

        return database;
    }

    public DbConnection Connect() => dialect == SqlDialect.Sqlite
        ? new SqliteConnection($"Data Source={Path.Combine(folder, "service.db")}")
        : new SqlConnection(new SqlConnectionStringBuilder(SqlServer) { InitialCatalog = name }.ToString());

    public async Task<DbConnection> OpenAsync()
    {
        var connection = Connect();
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (dialect == SqlDialect.Sqlite)
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
            return;
        }

        SqlConnection.ClearAllPools();
        // The server notices only a little later that a connection was closed.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RunOnServerAsync($"DROP DATABASE {name}");
                return;
            }
            catch (SqlException) when (attempt < 50)
            {
                await Task.Delay(200);
            }
        }
    }

    private static async Task RunOnServerAsync(string sql)
    {
        await using var connection = new SqlConnection(new SqlConnectionStringBuilder(SqlServer) { InitialCatalog = "master", Pooling = false }.ToString());
        await connection.ExecuteAsync(sql, commandTimeout: 120);
    }
}
