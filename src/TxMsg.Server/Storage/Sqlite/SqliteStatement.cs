using Microsoft.Data.Sqlite;
using SQLitePCL;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.Sqlite;

/// <summary>A prepared statement on the engine itself: the hot writes run some 30,000 a second, and the provider's command,
/// parameter and reader objects cost more than the statement.</summary>
internal sealed class SqliteStatement : ColumnWriter, IDisposable
{
    private readonly sqlite3 handle;
    private readonly sqlite3_stmt statement;
    private readonly int[] parameters;
    private int next;

    public SqliteStatement(sqlite3 handle, string sql, IReadOnlyList<BatchColumn> columns)
    {
        this.handle = handle;
        Check(raw.sqlite3_prepare_v2(handle, sql, out statement));
        parameters = columns.Select(column => raw.sqlite3_bind_parameter_index(statement, "@" + column.Name)).ToArray();
        Row = new SqliteResultRow(statement);
    }

    public ResultRow Row { get; }

    public void BeginRow() => next = 0;

    public override void Int64(long? value)
    {
        var index = parameters[next++];
        if (index == 0) return;
        Check(value is { } number ? raw.sqlite3_bind_int64(statement, index, number) : raw.sqlite3_bind_null(statement, index));
    }

    public override void Int32(int? value) => Int64(value);

    public override void Text(string? value)
    {
        var index = parameters[next++];
        if (index == 0) return;
        Check(value is null ? raw.sqlite3_bind_null(statement, index) : raw.sqlite3_bind_text(statement, index, value));
    }

    public override void Binary(ReadOnlyMemory<byte> value)
    {
        var index = parameters[next++];
        if (index == 0) return;
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, index, 0) : raw.sqlite3_bind_blob(statement, index, value.Span));
    }

    /// <summary>True while there is a row.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        throw Error(code);
    }

    /// <summary>Ready for the next execution. An error of the last step was thrown there already.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    public void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw Error(code);
    }

    private SqliteException Error(int code) =>
        new($"SQLite Error {code}: '{raw.sqlite3_errmsg(handle).utf8_to_string()}'.", code, raw.sqlite3_extended_errcode(handle));

    private sealed class SqliteResultRow(sqlite3_stmt statement) : ResultRow
    {
        public override bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

        public override long Int64(int column) => raw.sqlite3_column_int64(statement, column);

        public override string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(statement, column).utf8_to_string();

        public override byte[] Binary(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

        public override Guid Id(int column) => new(raw.sqlite3_column_blob(statement, column), bigEndian: true);
    }
}
