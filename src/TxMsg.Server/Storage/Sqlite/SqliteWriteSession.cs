using Microsoft.Data.Sqlite;
using SQLitePCL;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.Sqlite;

/// <summary>The committer's connection to SQLite: prepared statements, executed row by row inside one transaction.</summary>
internal sealed class SqliteWriteSession(SqliteConnection connection, SqlCatalogue sql) : WriteSession
{
    private readonly Dictionary<string, SqliteStatement> prepared = new(StringComparer.Ordinal);

    private sqlite3 Handle => connection.Handle!;

    public override bool IsUsable => connection.State == System.Data.ConnectionState.Open;

    public override void Rollback()
    {
        // The engine may have rolled back by itself (disk full, I/O error): then there is nothing to undo.
        if (raw.sqlite3_get_autocommit(Handle) == 0) Run("RollbackTransaction");
    }

    public override int Execute<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows)
    {
        var before = raw.sqlite3_total_changes(Handle);
        Query(statement, rows, static _ => { });
        return raw.sqlite3_total_changes(Handle) - before;
    }

    public override void Query<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows, Action<ResultRow> onRow)
    {
        var command = Prepare(statement.Name, statement.Columns);
        try
        {
            for (var i = 0; i < rows.Count; i++)
            {
                command.BeginRow();
                statement.Write(rows[i], command);
                while (command.Step()) onRow(command.Row);
                command.Reset();
            }
        }
        catch
        {
            command.Reset();
            throw;
        }
    }

    public override long ReadInt64(string statement)
    {
        var command = Prepare(statement, []);
        try
        {
            return command.Step() ? command.Row.Int64(0) : throw new InvalidOperationException($"{statement} returned no row.");
        }
        finally
        {
            command.Reset();
        }
    }

    public override void Dispose()
    {
        foreach (var statement in prepared.Values) statement.Dispose();
        connection.Dispose();
    }

    protected override void BeginTransaction() => Run("BeginTransaction");

    protected override void CommitTransaction() => Run("CommitTransaction");

    private void Run(string statement)
    {
        var command = Prepare(statement, []);
        try
        {
            command.Step();
        }
        finally
        {
            command.Reset();
        }
    }

    private SqliteStatement Prepare(string name, BatchColumn[] columns)
    {
        if (!prepared.TryGetValue(name, out var statement))
            prepared.Add(name, statement = new SqliteStatement(Handle, sql[name], columns));
        return statement;
    }
}
