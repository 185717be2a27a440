using Dapper;
using Microsoft.Data.Sqlite;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop;

/// <summary>An order, or what followed it in one of the other databases.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Value">Quantity, amount or points.</param>
internal sealed record LedgerEntry(string OrderId, long Value);

/// <summary>The orders by what is to follow them.</summary>
internal sealed record OrderEntry(string OrderId, long Quantity, long Amount, long Points);

/// <summary>Reads the databases of the four services from outside. No service does: they know each other by messages only.</summary>
internal sealed class Ledgers(string folder)
{
    private static readonly Dictionary<string, string> Entries = new()
    {
        [RoleNames.Stock] = "SELECT OrderId, Quantity AS Value FROM StockMoves",
        [RoleNames.Budget] = "SELECT OrderId, Amount AS Value FROM BudgetEntries",
        [RoleNames.Points] = "SELECT OrderId, Points AS Value FROM PointEntries",
    };

    public async Task<IReadOnlyList<OrderEntry>> OrdersAsync() =>
        [.. await ReadAsync<OrderEntry>(RoleNames.Orders, "SELECT Id AS OrderId, Quantity, Amount, Points FROM Orders")];

    public async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(string consumer) => [.. await ReadAsync<LedgerEntry>(consumer, Entries[consumer])];

    /// <summary>How many rows a service has of some orders.</summary>
    public async Task<int> CountAsync(string service, IReadOnlyCollection<Guid> orders)
    {
        var wanted = orders.Select(order => order.ToString()).ToHashSet();
        var rows = service == RoleNames.Orders ? (await OrdersAsync()).Select(order => order.OrderId) : (await EntriesAsync(service)).Select(entry => entry.OrderId);
        return rows.Count(wanted.Contains);
    }

    /// <summary>How many messages still wait in the order service's local message table.</summary>
    public async Task<long> UnsentAsync() => (await ReadAsync<long>(RoleNames.Orders, "SELECT COUNT(*) FROM txmsg_local_messages WHERE state IN (0, 2)")).Single();

    private async Task<IEnumerable<T>> ReadAsync<T>(string service, string sql)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = ServiceDatabase.PathOf(folder, service), Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        await using var connection = new SqliteConnection(connectionString.ToString());
        return await connection.QueryAsync<T>(sql);
    }
}
