using System.Data.Common;

namespace TxMsg.Client.Local;

/// <summary>Named statements as commands, on whatever connection there is.</summary>
internal static class LocalCommands
{
    // Texts of one declared length share a plan on SQL Server.
    private const int TextSize = 4000;

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

    /// <summary>An id as both dialects keep it: 16 bytes, big-endian.</summary>
    public static byte[] ToBytes(this Guid id) => id.ToByteArray(bigEndian: true);
}
