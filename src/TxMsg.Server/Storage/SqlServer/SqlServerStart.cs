using Microsoft.Data.SqlClient;

namespace TxMsg.Server.Storage.SqlServer;

/// <summary>What may be wrong with the configured server, in one line for the operator; never a password.</summary>
internal static class SqlServerStart
{
    private const int OldestMajorVersion = 14;
    private const string OldestName = "SQL Server 2017";

    /// <summary>Reads and completes a connection string.</summary>
    public static SqlConnectionStringBuilder ReadConnectionString(string connectionString)
    {
        try
        {
            var builder = new SqlConnectionStringBuilder(connectionString);
            if (builder.InitialCatalog.Length == 0) throw new StoreStartException("TxMsg:Store:ConnectionString names no database (Database=...).");
            // A listener would lead to a replica that takes no writes.
            if (builder.ApplicationIntent == ApplicationIntent.ReadOnly) throw new StoreStartException("TxMsg:Store:ConnectionString has ApplicationIntent=ReadOnly; TxMsg writes.");
            // A name of its own keeps its connections apart from others of this process: a pool resets sessions, not isolation levels.
            if (!builder.ShouldSerialize("Application Name")) builder.ApplicationName = "TxMsg";
            builder.Enlist = false;
            return builder;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new StoreStartException("TxMsg:Store:ConnectionString is not a connection string for SQL Server (Server=...;Database=...;...).", exception);
        }
    }

    /// <summary>Refuses a server that is too old. Cloud editions count their versions otherwise, and are always new enough.</summary>
    public static void CheckVersion(ServerDescription server)
    {
        if (!server.Product.StartsWith("Microsoft SQL Server", StringComparison.Ordinal)) return;
        if (!Version.TryParse(server.Version, out var version) || version.Major >= OldestMajorVersion) return;
        throw new StoreStartException($"The server is {server.Product.Split('\n')[0].Trim()}; TxMsg needs {OldestName} or later.");
    }

    /// <summary>Why the database could not be opened.</summary>
    public static StoreStartException Explain(SqlException exception, SqlConnectionStringBuilder builder)
    {
        var what = exception.Number switch
        {
            4060 or 911 => $"The database {builder.InitialCatalog} on {builder.DataSource} does not exist, or the login may not open it",
            18456 or 18452 or 18470 or 18486 or 18487 or 18488 => $"{builder.DataSource} refused the login",
            _ => $"SQL Server {builder.DataSource} cannot be reached",
        };
        return new StoreStartException($"{what} (error {exception.Number}: {exception.Message.Split('\n')[0].Trim()}).", exception);
    }

    /// <summary>What a server says of itself.</summary>
    internal sealed class ServerDescription
    {
        public string Product { get; init; } = "";

        public string Version { get; init; } = "";
    }
}
