using Microsoft.Data.SqlClient;

namespace TxMsg.Benchmarks.Nodes;

/// <summary>A database of its own on the server, dropped afterwards.</summary>
internal sealed class BenchmarkDatabase : IDisposable
{
    private const int DropAttempts = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly string server;
    private readonly string name = $"txmsg_benchmark_{Guid.NewGuid():N}";

    public BenchmarkDatabase(string server)
    {
        this.server = server;
        ServerVersion = Run($"CREATE DATABASE [{name}]");
    }

    public string ConnectionString => new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ConnectionString;

    public string ServerVersion { get; }

    public void Dispose()
    {
        // In use it cannot be dropped, and the server notices only a little later that its users have gone.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Run($"DROP DATABASE [{name}]");
                return;
            }
            catch (SqlException) when (attempt < DropAttempts)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private string Run(string sql)
    {
        using var connection = new SqlConnection(new SqlConnectionStringBuilder(server) { InitialCatalog = "master", Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new SqlCommand(sql, connection) { CommandTimeout = 120 };
        command.ExecuteNonQuery();
        return connection.ServerVersion;
    }
}
