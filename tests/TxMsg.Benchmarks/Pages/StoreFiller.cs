using Microsoft.Data.Sqlite;

namespace TxMsg.Benchmarks.Pages;

/// <summary>Fills the store of a stopped server; by its API ten million messages would take an hour.</summary>
internal static class StoreFiller
{
    public static void Fill(string file, int messages)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        // Nothing else has it open, and a crash only means to begin again.
        Run(connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1000000;", 0);
        foreach (var statement in Script().Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) Run(connection, statement, messages);
        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA optimize = 0x10002;", 0);
    }

    private static void Run(SqliteConnection connection, string statement, int messages)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.CommandTimeout = 0;
        if (statement.Contains("@messages", StringComparison.Ordinal)) command.Parameters.AddWithValue("@messages", messages);
        if (statement.Contains("@now", StringComparison.Ordinal)) command.Parameters.AddWithValue("@now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        command.ExecuteNonQuery();
    }

    private static string Script()
    {
        using var stream = typeof(StoreFiller).Assembly.GetManifestResourceStream("fill.sql")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
