namespace TxMsg.Server.Storage;

/// <summary>Where rows are kept: section <c>TxMsg:Store</c>.</summary>
public sealed class StoreOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "TxMsg:Store";

    /// <summary><c>Sqlite</c> (default) or <c>SqlServer</c>.</summary>
    public StoreProvider Provider { get; set; } = StoreProvider.Sqlite;

    /// <summary>Where the embedded store is unless said otherwise.</summary>
    public const string DefaultConnectionString = "Data Source=data/txmsg.db";

    /// <summary>An ADO.NET connection string of that provider. Default: <c>Data Source=data/txmsg.db</c>.</summary>
    public string ConnectionString { get; set; } = DefaultConnectionString;

    /// <summary>Whether what waits is written together, one log flush for all. Off only to measure what it is worth.</summary>
    public bool GroupCommit { get; set; } = true;
}
