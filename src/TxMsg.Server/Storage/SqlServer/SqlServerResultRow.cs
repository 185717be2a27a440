using System.Globalization;
using Microsoft.Data.SqlClient;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.SqlServer;

/// <summary>A row of a result. Integers come as wide as their columns are.</summary>
internal sealed class SqlServerResultRow(SqlDataReader reader) : ResultRow
{
    public override bool IsNull(int column) => reader.IsDBNull(column);

    public override long Int64(int column) => reader.GetFieldType(column) == typeof(long)
        ? reader.GetInt64(column)
        : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    public override string? Text(int column) => IsNull(column) ? null : reader.GetString(column);

    public override byte[] Binary(int column) => reader.GetSqlBytes(column).Value;

    public override Guid Id(int column)
    {
        Span<byte> bytes = stackalloc byte[16];
        reader.GetSqlBinary(column).Value.CopyTo(bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
