using Microsoft.Data.Sqlite;

namespace TxMsg.AcceptanceTests.Startup;

/// <summary>Makes a database look as if a later release had migrated it.</summary>
internal static class SchemaVersion
{
    /// <summary>Adds one more entry to the table of applied schema scripts, whatever its other columns are.</summary>
    public static async Task RaiseAsync(string file)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        var table = (await ReadAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%schema%'")).Single();
        var columns = await ReadAsync(connection, $"SELECT name FROM pragma_table_info('{table}')");
        var version = columns.Single(column => column.Contains("version", StringComparison.OrdinalIgnoreCase));
        var values = columns.Select(column => column == version ? "9999" : $"\"{column}\"");
        await using var insert = connection.CreateCommand();
        insert.CommandText = $"INSERT INTO \"{table}\" ({string.Join(", ", columns.Select(column => $"\"{column}\""))}) "
            + $"SELECT {string.Join(", ", values)} FROM \"{table}\" ORDER BY \"{version}\" DESC LIMIT 1";
        (await insert.ExecuteNonQueryAsync()).Should().Be(1);
    }

    private static async Task<List<string>> ReadAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
