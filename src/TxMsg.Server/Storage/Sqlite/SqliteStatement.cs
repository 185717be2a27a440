using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.Sqlite;

/// <summary>A prepared statement on the engine itself: the hot writes run some 50,000 a second, and the provider's command,
/// parameter and reader objects cost more than the statement. A text of several statements runs them in turn, on the same
/// parameters.</summary>
internal sealed class SqliteStatement : ColumnWriter, IDisposable
{
    private const int MaxStackBytes = 512;
    private const int MaxBytesPerCharacter = 3;

    private readonly sqlite3 handle;
    private readonly Part[] parts;
    private int next;

    public SqliteStatement(sqlite3 handle, string sql, IReadOnlyList<BatchColumn> columns)
    {
        this.handle = handle;
        var prepared = new List<Part>();
        for (var rest = sql; !string.IsNullOrWhiteSpace(rest);)
        {
            Check(raw.sqlite3_prepare_v3(handle, rest, raw.SQLITE_PREPARE_PERSISTENT, out var statement, out rest));
            prepared.Add(new Part(statement, columns));
        }

        parts = prepared.ToArray();
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
            foreach (var part in parts) SqliteEngine.Reset(part.Pointer);
        }
    }

    public override void Int64(long? value)
    {
        foreach (var part in parts)
        {
            var index = part.Parameters[next];
            if (index != 0) Check(value is { } number ? SqliteEngine.BindInt64(part.Pointer, index, number) : SqliteEngine.BindNull(part.Pointer, index));
        }

        next++;
    }

    public override void Int32(int? value) => Int64(value);

    public override void Text(string? value)
    {
        if (value is null)
        {
            Int64(null);
            return;
        }

        var most = value.Length * MaxBytesPerCharacter;
        byte[]? rented = null;
        var utf8 = most <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : (rented = ArrayPool<byte>.Shared.Rent(most));
        utf8 = utf8[..Encoding.UTF8.GetBytes(value, utf8)];
        foreach (var part in parts)
        {
            var index = part.Parameters[next];
            if (index != 0) Check(SqliteEngine.BindText(part.Pointer, index, utf8));
        }

        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        next++;
    }

    public override void Binary(ReadOnlyMemory<byte> value)
    {
        foreach (var part in parts)
        {
            var index = part.Parameters[next];
            if (index != 0) Check(SqliteEngine.BindBlob(part.Pointer, index, value.Span));
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
            var code = SqliteEngine.Step(part.Pointer);
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

        /// <summary>Good until the statement is disposed.</summary>
        public nint Pointer { get; } = statement.DangerousGetHandle();

        /// <summary>The parameter of each column; 0 where the statement has none.</summary>
        public int[] Parameters { get; } = columns.Select(column => raw.sqlite3_bind_parameter_index(statement, "@" + column.Name)).ToArray();

        public ResultRow Row { get; } = new SqliteResultRow(statement);
    }

    private sealed class SqliteResultRow(sqlite3_stmt statement) : ResultRow
    {
        private readonly nint pointer = statement.DangerousGetHandle();

        public override bool IsNull(int column) => SqliteEngine.ColumnType(pointer, column) == raw.SQLITE_NULL;

        public override long Int64(int column) => SqliteEngine.ColumnInt64(pointer, column);

        public override string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(statement, column).utf8_to_string();

        public override byte[] Binary(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

        public override Guid Id(int column) => new(raw.sqlite3_column_blob(statement, column), bigEndian: true);
    }
}
