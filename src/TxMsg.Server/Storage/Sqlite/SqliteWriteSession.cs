using Microsoft.Data.Sqlite;
using SQLitePCL;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.Sqlite;

/// <summary>The committer's connection to SQLite: prepared statements, executed row by row inside one transaction. Opened without
/// the engine's own mutex, as only one thread uses it.</summary>
internal sealed class SqliteWriteSession : WriteSession
{
    private const int BusyTimeoutMilliseconds = 5_000;

    private readonly Dictionary<string, SqliteStatement> prepared = new(StringComparer.Ordinal);
    private readonly SqlCatalogue sql;
    private readonly sqlite3 handle;

    public SqliteWriteSession(string path, SqlCatalogue sql)
    {
        this.sql = sql;
        var code = raw.sqlite3_open_v2(path, out handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK) throw new SqliteException($"SQLite Error {code}: '{path}' could not be opened.", code);
        raw.sqlite3_extended_result_codes(handle, 0);
        raw.sqlite3_busy_timeout(handle, BusyTimeoutMilliseconds);
        Run("ConfigureConnection");
        Run("ConfigureWriter");
    }

    public override bool IsUsable => !handle.IsClosed;

    public override void Rollback()
    {
        // The engine may have rolled back by itself (disk full, I/O error): then there is nothing to undo.
        if (raw.sqlite3_get_autocommit(handle) == 0) Run("RollbackTransaction");
    }

    public override int Execute<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows)
    {
        var before = raw.sqlite3_total_changes(handle);
        Query(statement, rows, static _ => { });
        return raw.sqlite3_total_changes(handle) - before;
    }

    public override void Query<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows, Action<ResultRow> onRow)
    {
        var command = Prepare(statement.Name, statement.Columns);
        for (var i = 0; i < rows.Count; i++) command.Run(rows[i], statement.Write, onRow);
    }

    public override long ReadInt64(string statement)
    {
        long? value = null;
        Prepare(statement, []).Run(row => value = row.Int64(0));
        return value ?? throw new InvalidOperationException($"{statement} returned no row.");
    }

    public override void Dispose()
    {
        foreach (var statement in prepared.Values) statement.Dispose();
        handle.Dispose();
    }

    protected override void BeginTransaction() => Run("BeginTransaction");

    protected override void CommitTransaction() => Run("CommitTransaction");

    private void Run(string statement) => Prepare(statement, []).Run(static _ => { });

    private SqliteStatement Prepare(string name, BatchColumn[] columns)
    {
        if (!prepared.TryGetValue(name, out var statement))
            prepared.Add(name, statement = new SqliteStatement(handle, sql[name], columns));
        return statement;
    }
}
