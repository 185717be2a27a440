using NUnit.Framework;
using System.Data.Common;
using Dapper;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using TxMsg.AcceptanceTests.Harness;

namespace TxMsg.Client.Tests.Consuming;

/// <summary>The kinds of database an inbox is tested on.</summary>
public enum DatabaseKind
{
    SqliteWal,
    SqliteRollbackJournal,
    SqlServerReadCommitted,
    SqlServerReadCommittedSnapshot,
    SqlServerSnapshot,
}

/// <summary>A database of its own, with a table for what handlers do; gone with it.</summary>
public sealed class ConsumerDatabase : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("txmsg-inbox-").FullName;
    private readonly bool isSqlServer;
    private ServerDatabase? server;

    private ConsumerDatabase(DatabaseKind kind) => isSqlServer = kind >= DatabaseKind.SqlServerReadCommitted;

    /// <summary>The kinds that are there: both journals of SQLite, and SQL Server's ways of reading where a server is configured.</summary>
    public static IEnumerable<DatabaseKind> Kinds => ServerDatabase.Server is null ? [DatabaseKind.SqliteWal, DatabaseKind.SqliteRollbackJournal] : Enum.GetValues<DatabaseKind>();

    public static async Task<ConsumerDatabase> CreateAsync(DatabaseKind kind)
    {
        var database = new ConsumerDatabase(kind);
        if (database.isSqlServer) await database.CreateOnServerAsync(kind);
        await using var connection = await database.OpenAsync();
        if (kind == DatabaseKind.SqliteWal) await connection.ExecuteAsync("PRAGMA journal_mode = WAL");
        await connection.ExecuteAsync($"CREATE TABLE work (message_id {(database.isSqlServer ? "binary(16)" : "BLOB")} NOT NULL, doer int NOT NULL)");
        return database;
    }

    public DbConnection Connect() => isSqlServer ? new SqlConnection(server!.ConnectionString) : new SqliteConnection($"Data Source={Path.Combine(folder, "service.db")}");

    public async Task<DbConnection> OpenAsync()
    {
        var connection = Connect();
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>What a handler does: it can be done twice, and then is seen twice.</summary>
    public static Task WorkAsync(DbTransaction transaction, Guid messageId, int doer = 0) => transaction.Connection!.ExecuteAsync(
        "INSERT INTO work (message_id, doer) VALUES (@id, @doer)", new { id = messageId.ToByteArray(bigEndian: true), doer }, transaction);

    public async Task<int> CountWorkAsync(Guid messageId)
    {
        await using var connection = await OpenAsync();
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM work WHERE message_id = @id", new { id = messageId.ToByteArray(bigEndian: true) });
    }

    public async Task<int> CountInboxAsync()
    {
        await using var connection = await OpenAsync();
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM txmsg_inbox");
    }

    public async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        if (server is not null) await server.DisposeAsync();
    }

    private async Task CreateOnServerAsync(DatabaseKind kind)
    {
        server = await ServerDatabase.CreateAsync();
        var option = kind switch
        {
            DatabaseKind.SqlServerReadCommittedSnapshot => "READ_COMMITTED_SNAPSHOT",
            DatabaseKind.SqlServerSnapshot => "ALLOW_SNAPSHOT_ISOLATION",
            _ => null,
        };
        try
        {
            if (option is not null) await server.SetAsync($"{option} ON");
        }
        catch (SqlException e)
        {
            // A compatible server may read by versions anyway, and not know the option.
            TestContext.Out.WriteLine($"{option}: {e.Message}");
        }
    }
}
