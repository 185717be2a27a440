using Dapper;
using Microsoft.Data.Sqlite;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>A shop's own database, in a real file: orders, and a table whose wrong rows are only noticed at the commit.</summary>
internal sealed class ShopDatabase : IDisposable
{
    private readonly TestFolder folder = new();

    private ShopDatabase() => ConnectionString = $"Data Source={folder.File("shop.db")};Foreign Keys=True;Default Timeout=2;Pooling=False";

    public string ConnectionString { get; }

    public TransactionBarrier Barrier { get; } = new(TimeProvider.System);

    public static async Task<ShopDatabase> CreateAsync()
    {
        var shop = new ShopDatabase();
        await using var connection = await shop.OpenAsync();
        await connection.ExecuteAsync(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE Orders (Id INTEGER PRIMARY KEY, Text TEXT NOT NULL);
            CREATE TABLE Lines (OrderId INTEGER NOT NULL REFERENCES Orders (Id) DEFERRABLE INITIALLY DEFERRED);
            """);
        await shop.Barrier.CreateTableAsync(connection, CancellationToken.None);
        return shop;
    }

    public SqliteConnection Connect() => new(ConnectionString);

    public async Task<SqliteConnection> OpenAsync()
    {
        var connection = Connect();
        await connection.OpenAsync();
        return connection;
    }

    public async Task<long> CountOrdersAsync()
    {
        await using var connection = await OpenAsync();
        return await connection.QuerySingleAsync<long>("SELECT count(*) FROM Orders");
    }

    public async Task<CheckBackAnswer> AskAsync(Message message)
    {
        await using var connection = await OpenAsync();
        return await Barrier.AnswerAsync(connection, message.Id, TimeSpan.Zero, CancellationToken.None);
    }

    public void Dispose() => folder.Dispose();
}
