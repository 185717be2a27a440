namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>A column of a set of rows.</summary>
/// <param name="Name">Its name: of the parameter, or of the table type's column.</param>
/// <param name="Type">Its type.</param>
/// <param name="Length">Text and binary: the longest value, in characters or bytes; -1 without limit.</param>
public sealed record BatchColumn(string Name, BatchColumnType Type, int Length = -1);

/// <summary>The types of columns in a set of rows.</summary>
public enum BatchColumnType
{
    /// <summary>64-bit integer.</summary>
    Int64,

    /// <summary>32-bit integer.</summary>
    Int32,

    /// <summary>Unicode text.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Binary,
}
