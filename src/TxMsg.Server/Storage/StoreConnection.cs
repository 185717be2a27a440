using System.Data.Common;
using Dapper;

namespace TxMsg.Server.Storage;

/// <summary>A connection, inside a transaction if it writes, that runs statements of the catalogue by name and maps rows by Dapper.</summary>
public sealed class StoreConnection(DbConnection connection, DbTransaction? transaction, SqlCatalogue sql, CancellationToken cancellationToken)
{
    /// <summary>All rows of a query.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string statement, object? parameters = null) =>
        (await connection.QueryAsync<T>(Command(statement, parameters))).AsList();

    /// <summary>The only row of a query, or nothing.</summary>
    public Task<T?> QuerySingleOrDefaultAsync<T>(string statement, object? parameters = null) =>
        connection.QuerySingleOrDefaultAsync<T>(Command(statement, parameters));

    /// <summary>The only row of a query.</summary>
    public Task<T> QuerySingleAsync<T>(string statement, object? parameters = null) =>
        connection.QuerySingleAsync<T>(Command(statement, parameters));

    /// <summary>Runs a statement; returns how many rows it touched.</summary>
    public Task<int> ExecuteAsync(string statement, object? parameters = null) =>
        connection.ExecuteAsync(Command(statement, parameters));

    private CommandDefinition Command(string statement, object? parameters) =>
        new(sql[statement], parameters, transaction, cancellationToken: cancellationToken);
}
