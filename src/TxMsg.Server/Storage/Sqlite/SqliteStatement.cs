using Microsoft.Data.Sqlite;
using SQLitePCL;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.Sqlite;

/// <summary>A prepared statement on the engine itself: the hot writes run some 50,000 a second, and the provider's command,
/// parameter and reader objects cost more than the statement. A text of several statements runs them in turn, on the same
/// parameters.</summary>
internal sealed class SqliteStatement : ColumnWriter, IDisposable
{
    private readonly sqlite3 handle;
    private readonly List<Part> parts = [];
    private int next;

    public SqliteStatement(sqlite3 handle, string sql, IReadOnlyList<BatchColumn> columns)
    {
        this.handle = handle;
        for (var rest = sql; !string.IsNullOrWhiteSpace(rest);)
        {
            Check(raw.sqlite3_prepare_v3(handle, rest, raw.SQLITE_PREPARE_PERSISTENT, out var statement, out rest));
            parts.Add(new Part(statement, columns));
        }
    }

    /// <summary>Runs the statement once; <paramref name="write"/> gives the parameters.</summary>
    public void Run<TRow>(TRow row, Action<TRow, ColumnWriter> write, Action<ResultRow> onRow)
    {
        next = 0;
        write(row, this);
        Run(onRow);
    }

    /// <summary>Runs the statement once, with the parameters it has.</summary>
    public void Run(Action<ResultRow> onRow)
    {
        try
        {
            foreach (var part in parts) Run(part, onRow);
        }
        finally
        {
            // An error of the last step was thrown there already.
            foreach (var part in parts) raw.sqlite3_reset(part.Statement);
        }
    }

    public override void Int64(long? value)
    {
        foreach (var part in parts)
        {
            var index = part.Parameters[next];
            if (index != 0) Check(value is { } number ? raw.sqlite3_bind_int64(part.Statement, index, number) : raw.sqlite3_bind_null(part.Statement, index));
        }

        next++;
    }

    public override void Int32(int? value) => Int64(value);

    public override void Text(string? value)
    {
        foreach (var part in parts)
        {
            var index = part.Parameters[next];
            if (index != 0) Check(value is null ? raw.sqlite3_bind_null(part.Statement, index) : raw.sqlite3_bind_text(part.Statement, index, value));
        }

        next++;
    }

    public override void Binary(ReadOnlyMemory<byte> value)
    {
        foreach (var part in parts)
        {
            var index = part.Parameters[next];
            if (index != 0) Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(part.Statement, index, 0) : raw.sqlite3_bind_blob(part.Statement, index, value.Span));
        }

        next++;
    }

    public void Dispose()
    {
        foreach (var part in parts) part.Statement.Dispose();
    }

    private void Run(Part part, Action<ResultRow> onRow)
    {
        while (true)
        {
            var code = raw.sqlite3_step(part.Statement);
            if (code == raw.SQLITE_DONE) return;
            if (code != raw.SQLITE_ROW) throw Error(code);
            onRow(part.Row);
        }
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw Error(code);
    }

    private SqliteException Error(int code) =>
        new($"SQLite Error {code}: '{raw.sqlite3_errmsg(handle).utf8_to_string()}'.", code, raw.sqlite3_extended_errcode(handle));

    private sealed class Part(sqlite3_stmt statement, IReadOnlyList<BatchColumn> columns)
    {
        public sqlite3_stmt Statement { get; } = statement;

        /// <summary>The parameter of each column; 0 where the statement has none.</summary>
        public int[] Parameters { get; } = columns.Select(column => raw.sqlite3_bind_parameter_index(statement, "@" + column.Name)).ToArray();

        public ResultRow Row { get; } = new SqliteResultRow(statement);
    }

    private sealed class SqliteResultRow(sqlite3_stmt statement) : ResultRow
    {
        public override bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

        public override long Int64(int column) => raw.sqlite3_column_int64(statement, column);

        public override string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(statement, column).utf8_to_string();

        public override byte[] Binary(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

        public override Guid Id(int column) => new(raw.sqlite3_column_blob(statement, column), bigEndian: true);
    }
}
