namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>The committer's connection: one transaction after the other, statements prepared once. Not thread-safe.</summary>
public abstract class WriteSession : IDisposable
{
    private readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);

    private static readonly BatchStatement<KeyValuePair<string, long>> AddToCounter = new(
        "AddToCounter", "dbo.counter_rows",
        [new("name", BatchColumnType.Text, 64), new("delta", BatchColumnType.Int64)],
        static (row, write) =>
        {
            write.Text(row.Key);
            write.Int64(row.Value);
        });

    /// <summary>Begins a transaction that is sure to be able to write.</summary>
    public void Begin()
    {
        counts.Clear();
        BeginTransaction();
    }

    /// <summary>Adds what was counted, and commits; durable when it returns.</summary>
    public void Commit()
    {
        // In one order, so that two nodes never wait for each other.
        if (counts.Count > 0) Execute(AddToCounter, counts.Where(count => count.Value != 0).OrderBy(count => count.Key, StringComparer.Ordinal).ToArray());
        CommitTransaction();
    }

    /// <summary>Undoes the transaction, if one is open.</summary>
    public abstract void Rollback();

    /// <summary>Sets whether it waits for another's lock but briefly. Where one process writes, there is nothing to wait for.</summary>
    public virtual void Hurry(bool isInAHurry)
    {
    }

    /// <summary>Whether the connection can still be used.</summary>
    public abstract bool IsUsable { get; }

    /// <summary>Notes that <paramref name="delta"/> more rows have reached a final state.</summary>
    public void Count(string name, long delta)
    {
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _) += delta;
    }

    /// <summary>Runs a statement for a set of rows; returns how many rows of the table it touched in all.</summary>
    public abstract int Execute<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows);

    /// <summary>Runs a statement for a set of rows; <paramref name="onRow"/> sees what it returns, in no particular order.</summary>
    public abstract void Query<TRow>(BatchStatement<TRow> statement, IReadOnlyList<TRow> rows, Action<ResultRow> onRow);

    /// <summary>Reads one integer.</summary>
    public abstract long ReadInt64(string statement);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Begins a transaction.</summary>
    protected abstract void BeginTransaction();

    /// <summary>Commits it.</summary>
    protected abstract void CommitTransaction();
}
