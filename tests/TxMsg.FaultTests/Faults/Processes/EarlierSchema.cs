using Microsoft.Data.Sqlite;

namespace TxMsg.FaultTests.Faults.Processes;

/// <summary>Puts a store back to the schema that an earlier version left: a new database is made by the shipped scripts up to that version, and
/// whatever it has room for is copied into it.</summary>
internal static class EarlierSchema
{
    private static readonly string Scripts = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ServerProcess.Dll)!, "../../../../../sql/sqlite/schema"));

    public static int Newest => Directory.GetFiles(Scripts, "*.sql").Length;

    /// <summary>The store must have been closed.</summary>
    public static void GoBack(string path, int version)
    {
        var earlier = path + ".earlier";
        using (var connection = Open(path))
        {
            Run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            Run(connection, $"ATTACH '{earlier}' AS earlier");
            var history = Read(connection, "SELECT sql FROM main.sqlite_master WHERE name = 'schema_versions'").Single();
            using (var target = Open(earlier))
            {
                Run(target, history);
                foreach (var script in Directory.GetFiles(Scripts, "*.sql").Order(StringComparer.Ordinal).Take(version)) Run(target, File.ReadAllText(script));
                foreach (var table in Tables(target, "main")) Run(target, $"DELETE FROM {table}");
                Run(target, "PRAGMA journal_mode = WAL");
            }

            Run(connection, "PRAGMA foreign_keys = OFF");
            foreach (var table in Tables(connection, "earlier"))
            {
                var columns = string.Join(", ", Read(connection, $"SELECT name FROM pragma_table_info('{table}', 'earlier')"));
                var kept = table == "schema_versions" ? $" WHERE version <= {version}" : "";
                Run(connection, $"INSERT INTO earlier.{table} ({columns}) SELECT {columns} FROM main.{table}{kept}");
            }
        }

        foreach (var rest in (string[])["-wal", "-shm"]) File.Delete(path + rest);
        File.Move(earlier, path, overwrite: true);
    }

    public static int VersionOf(string path)
    {
        using var connection = Open(path);
        return int.Parse(Read(connection, "SELECT MAX(version) FROM schema_versions").Single(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static List<string> Tables(SqliteConnection connection, string database) =>
        Read(connection, $"SELECT name FROM {database}.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only the shipped scripts, and names out of them.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static List<string> Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read()) values.Add(reader.GetValue(0).ToString()!);
        return values;
    }
}
