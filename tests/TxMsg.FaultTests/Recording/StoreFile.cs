using Microsoft.Data.Sqlite;

namespace TxMsg.FaultTests.Recording;

/// <summary>A SQLite store as a file that nobody has open.</summary>
internal static class StoreFile
{
    /// <summary>What SQLite finds wrong with it; empty if nothing.</summary>
    public static IReadOnlyList<string> Check(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return [.. Read(connection, "PRAGMA integrity_check").Where(line => line != "ok"), .. Read(connection, "PRAGMA foreign_key_check")];
    }

    private static List<string> Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(reader.GetValue(0).ToString()!);
        return lines;
    }
}
