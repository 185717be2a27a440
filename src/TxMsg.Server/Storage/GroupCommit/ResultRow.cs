namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>A row that a statement returned; valid only until the next one.</summary>
public abstract class ResultRow
{
    /// <summary>Whether a column is null.</summary>
    public abstract bool IsNull(int column);

    /// <summary>An integer.</summary>
    public abstract long Int64(int column);

    /// <summary>Text, or null.</summary>
    public abstract string? Text(int column);

    /// <summary>Bytes.</summary>
    public abstract byte[] Binary(int column);

    /// <summary>A UUID from its 16 bytes, big-endian.</summary>
    public abstract Guid Id(int column);
}
