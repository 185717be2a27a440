using System.Data.SqlTypes;
using System.Runtime.InteropServices;
using Microsoft.Data.SqlClient.Server;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.SqlServer;

/// <summary>Writes a row into a record of a table-valued parameter.</summary>
internal sealed class RecordWriter(SqlDataRecord record, BatchColumn[] columns) : ColumnWriter
{
    private int next;

    public void BeginRow(int ordinal)
    {
        record.SetInt32(0, ordinal);
        next = 1;
    }

    public override void Int64(long? value)
    {
        if (value is { } number) record.SetInt64(next++, number);
        else record.SetDBNull(next++);
    }

    public override void Int32(int? value)
    {
        if (value is { } number) record.SetInt32(next++, number);
        else record.SetDBNull(next++);
    }

    public override void Text(string? value)
    {
        var column = columns[next - 1];
        // The provider would cut it off.
        if (column.Length > 0 && value?.Length > column.Length)
            throw new ArgumentException($"{column.Name} has {value.Length} characters; at most {column.Length} are stored.", nameof(value));
        if (value is null) record.SetDBNull(next++);
        else record.SetString(next++, value);
    }

    // Not SetBytes: on a record that is used again it leaves what a longer value had before it.
    public override void Binary(ReadOnlyMemory<byte> value)
    {
        var whole = MemoryMarshal.TryGetArray(value, out var part) && part.Count == part.Array!.Length ? part.Array : value.ToArray();
        record.SetSqlBinary(next++, SqlBinary.WrapBytes(whole));
    }
}
