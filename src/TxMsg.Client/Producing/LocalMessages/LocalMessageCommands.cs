using System.Data.Common;
using TxMsg.Client.Local;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>Runs named statements on whatever connection there is.</summary>
internal static class LocalMessageCommands
{
    // Texts of one declared length share a plan on SQL Server.
    private const int TextSize = 4000;

    /// <summary>Runs a statement; how many rows it changed.</summary>
    public static async Task<int> ChangeAsync(
        this DbConnection connection, DbTransaction? transaction, string statement, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(transaction, statement, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a query has a row.</summary>
    public static async Task<bool> FindsAsync(this DbConnection connection, string statement, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(null, statement, parameters);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>A command for a named statement of the connection's dialect.</summary>
    public static DbCommand Command(this DbConnection connection, DbTransaction? transaction, string statement, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = LocalSql.Of(SqlDialects.DialectOf(connection))[statement];
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@" + name;
            parameter.Value = value ?? DBNull.Value;
            if (value is string { Length: <= TextSize }) parameter.Size = TextSize;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public static byte[] ToBytes(this Guid id) => id.ToByteArray(bigEndian: true);

    public static Guid ReadId(this DbDataReader reader, int column) => new(reader.GetFieldValue<byte[]>(column), bigEndian: true);

    public static string? ReadText(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset ReadTime(this DbDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));
}
