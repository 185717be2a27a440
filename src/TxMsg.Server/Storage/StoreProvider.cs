namespace TxMsg.Server.Storage;

/// <summary>The databases that TxMsg can keep its rows in.</summary>
public enum StoreProvider
{
    /// <summary>The embedded default: one node, one file.</summary>
    Sqlite,

    /// <summary>The production store: any number of nodes on one database.</summary>
    SqlServer,
}
