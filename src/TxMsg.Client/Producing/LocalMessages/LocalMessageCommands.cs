using System.Data.Common;
using System.Globalization;
using TxMsg.Client.Local;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>Runs named statements on whatever connection there is.</summary>
internal static class LocalMessageCommands
{
    /// <summary>Runs a statement; how many rows it changed.</summary>
    public static async Task<int> ChangeAsync(
        this DbConnection connection, DbTransaction? transaction, string statement, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(transaction, statement, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a query has a row.</summary>
    public static async Task<bool> FindsAsync(
        this DbConnection connection, DbTransaction? transaction, string statement, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(transaction, statement, parameters);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>The number that a query gives.</summary>
    public static async Task<long> CountAsync(
        this DbConnection connection, DbTransaction? transaction, string statement, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(transaction, statement, parameters);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    public static Guid ReadId(this DbDataReader reader, int column) => new(reader.GetFieldValue<byte[]>(column), bigEndian: true);

    public static string? ReadText(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset ReadTime(this DbDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));
}
