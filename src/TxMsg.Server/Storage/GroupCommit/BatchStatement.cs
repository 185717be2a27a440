namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>A statement of the catalogue that takes a set of rows: a table-valued parameter <c>@rows</c> where the database has
/// them, else one execution a row with the columns as parameters.</summary>
/// <typeparam name="TRow">A row of the set.</typeparam>
public sealed class BatchStatement<TRow>(string name, string tableType, BatchColumn[] columns, Action<TRow, ColumnWriter> write)
{
    /// <summary>The statement's name in the catalogue.</summary>
    public string Name { get; } = name;

    /// <summary>The table type of <c>@rows</c>.</summary>
    public string TableType { get; } = tableType;

    /// <summary>The columns, in the order in which <see cref="Write"/> writes them.</summary>
    public BatchColumn[] Columns { get; } = columns;

    /// <summary>Writes a row, column by column.</summary>
    public Action<TRow, ColumnWriter> Write { get; } = write;
}
