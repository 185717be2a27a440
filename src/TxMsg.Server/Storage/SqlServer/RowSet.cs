using System.Collections;
using System.Data;
using Microsoft.Data.SqlClient.Server;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.SqlServer;

/// <summary>A part of a set of rows as a table-valued parameter: the row's place first, then its columns. One record serves all
/// rows: the provider sends each before it asks for the next.</summary>
internal sealed class RowSet<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows, int offset, int count) : IEnumerable<SqlDataRecord>
{
    public IEnumerator<SqlDataRecord> GetEnumerator()
    {
        var record = new SqlDataRecord(Describe(statement.Columns));
        var writer = new RecordWriter(record, statement.Columns);
        for (var i = offset; i < offset + count; i++)
        {
            writer.BeginRow(i);
            statement.Write(rows[i], writer);
            yield return record;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static SqlMetaData[] Describe(BatchColumn[] columns) =>
        [new("ordinal", SqlDbType.Int), .. columns.Select(Describe)];

    private static SqlMetaData Describe(BatchColumn column) => column.Type switch
    {
        BatchColumnType.Int64 => new SqlMetaData(column.Name, SqlDbType.BigInt),
        BatchColumnType.Int32 => new SqlMetaData(column.Name, SqlDbType.Int),
        BatchColumnType.Text => new SqlMetaData(column.Name, SqlDbType.NVarChar, column.Length),
        BatchColumnType.Binary when column.Length > 0 => new SqlMetaData(column.Name, SqlDbType.Binary, column.Length),
        BatchColumnType.Binary => new SqlMetaData(column.Name, SqlDbType.VarBinary, SqlMetaData.Max),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, null),
    };
}
