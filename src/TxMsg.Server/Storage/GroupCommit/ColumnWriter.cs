namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>Takes the values of a row, column by column.</summary>
public abstract class ColumnWriter
{
    /// <summary>The next column is an integer, or null.</summary>
    public abstract void Int64(long? value);

    /// <summary>The next column is a 32-bit integer, or null.</summary>
    public abstract void Int32(int? value);

    /// <summary>The next column is text, or null.</summary>
    public abstract void Text(string? value);

    /// <summary>The next column is bytes.</summary>
    public abstract void Binary(ReadOnlyMemory<byte> value);
}
