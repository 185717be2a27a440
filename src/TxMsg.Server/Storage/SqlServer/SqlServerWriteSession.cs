using System.Data;
using Microsoft.Data.SqlClient;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Storage.SqlServer;

/// <summary>The committer's connection to SQL Server: one round trip a statement, whatever the number of rows, which go as the
/// table-valued parameter <c>@rows</c>.</summary>
internal sealed class SqlServerWriteSession(SqlConnection connection, SqlCatalogue sql) : WriteSession
{
    // Keep below 5,000 locks of one statement: there the server would lock the whole table.
    private const int MaxRowsPerStatement = 2000;

    private readonly Dictionary<string, SqlCommand> commands = new(StringComparer.Ordinal);
    private SqlTransaction? transaction;
    private bool isBroken;
    private bool? hurries;

    public override bool IsUsable => !isBroken && connection.State == ConnectionState.Open;

    public override void Hurry(bool isInAHurry)
    {
        if (hurries == isInAHurry) return;
        using var command = new SqlCommand(sql[isInAHurry ? "HurryWriter" : "ConfigureWriter"], connection);
        Ask(command.ExecuteNonQuery);
        hurries = isInAHurry;
    }

    public override void Rollback()
    {
        using var open = transaction;
        transaction = null;
        // Without a connection it has ended already: the server rolls back by itself after an error.
        if (open?.Connection is null) return;
        try
        {
            open.Rollback();
        }
        catch (InvalidOperationException)
        {
            isBroken = true;
        }
    }

    public override int Execute<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows)
    {
        var touched = 0;
        foreach (var command in Commands(statement, rows)) touched += Math.Max(0, Ask(command.ExecuteNonQuery));
        return touched;
    }

    public override void Query<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows, Action<ResultRow> onRow)
    {
        foreach (var command in Commands(statement, rows))
        {
            using var reader = Ask(command.ExecuteReader);
            var row = new SqlServerResultRow(reader);
            Func<bool> read = reader.Read;
            // To the end: an error of a later statement comes with its result.
            do
            {
                while (Ask(read)) onRow(row);
            }
            while (Ask(reader.NextResult));
        }
    }

    public override long ReadInt64(string statement)
    {
        var command = Find(statement);
        command.Transaction = transaction;
        return Convert.ToInt64(Ask(command.ExecuteScalar) ?? throw new InvalidOperationException($"{statement} returned no row."), null);
    }

    public override void Dispose()
    {
        foreach (var command in commands.Values) command.Dispose();
        transaction?.Dispose();
        connection.Dispose();
    }

    protected override void BeginTransaction() => transaction = Ask(() => connection.BeginTransaction(IsolationLevel.ReadCommitted));

    protected override void CommitTransaction()
    {
        try
        {
            transaction!.Commit();
            transaction.Dispose();
            transaction = null;
        }
        catch (InvalidOperationException exception)
        {
            throw Lost(exception);
        }
        catch
        {
            // Whether it was committed is not known: the next transaction gets a new connection.
            isBroken = true;
            throw;
        }
    }

    // Of the provider, not of the server: the connection is closed, or its transaction, or a result of it is still open. Whatever it is, the
    // transaction ends with the connection, and can be run again on another one.
    private T Ask<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (InvalidOperationException exception)
        {
            throw Lost(exception);
        }
    }

    private TransactionLostException Lost(InvalidOperationException exception)
    {
        isBroken = true;
        return new TransactionLostException(exception);
    }

    // A set without rows must not be sent: the server takes none.
    private IEnumerable<SqlCommand> Commands<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows)
    {
        for (var offset = 0; offset < rows.Count; offset += MaxRowsPerStatement)
        {
            var command = Find(statement.Name);
            if (command.Parameters.Count == 0)
                command.Parameters.Add(new SqlParameter("@rows", SqlDbType.Structured) { TypeName = statement.TableType });
            command.Parameters[0].Value = new RowSet<TRow>(statement, rows, offset, Math.Min(MaxRowsPerStatement, rows.Count - offset));
            command.Transaction = transaction;
            yield return command;
            command.Parameters[0].Value = null;
        }
    }

    private SqlCommand Find(string name)
    {
        if (!commands.TryGetValue(name, out var command))
            commands.Add(name, command = new SqlCommand(sql[name], connection));
        return command;
    }
}
