using System.Data.Common;
using Dapper;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Local;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>A service's own database: of the fixture, gone with it.</summary>
public sealed class LocalMessageDatabase : IAsyncDisposable
{
    private readonly SqlDialect dialect;
    private readonly string folder;
    private ServerDatabase? server;

    private LocalMessageDatabase(SqlDialect dialect, string folder) => (this.dialect, this.folder) = (dialect, folder);

    public static async Task<LocalMessageDatabase> CreateAsync(SqlDialect dialect)
    {
        if (dialect == SqlDialect.SqlServer && ServerDatabase.Server is null) Assert.Ignore($"set {ServerDatabase.Variable} to a connection string to run these tests on SQL Server");
        var database = new LocalMessageDatabase(dialect, dialect == SqlDialect.Sqlite ? Directory.CreateTempSubdirectory("txmsg-client-").FullName : "");
        if (dialect == SqlDialect.Sqlite)
        {
            await using var connection = database.Connect();
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");
        }
        else
        {
            database.server = await ServerDatabase.CreateAsync();
        }

        return database;
    }

    public DbConnection Connect() => dialect == SqlDialect.Sqlite
        ? new SqliteConnection($"Data Source={Path.Combine(folder, "service.db")}")
        : new SqlConnection(server!.ConnectionString);

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

        await server!.DisposeAsync();
    }
}
