using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using TxMsg.Client.Local;
using TxMsg.Server.Storage;

namespace TxMsg.Conventions.Tests.Sql;

/// <summary>The statements for SQLite, prepared on its own schema.</summary>
internal static class SqliteStatements
{
    private static readonly Lazy<SqliteConnection> Database = new(MakeSchema);

    private static readonly LocalSql Client = LocalSql.Of(SqlDialect.Sqlite);

    public static SqlCatalogue Catalogue { get; } = SqlCatalogue.Load("sqlite");

    /// <summary>The coordinator's statements, and those of the SDK.</summary>
    public static IEnumerable<string> Names => Catalogue.Names.Concat(Client.Names);

    /// <summary>The columns of a table: name and whether it may be null, in their order.</summary>
    public static IReadOnlyList<string> ColumnsOf(string table)
    {
        using var command = Database.Value.CreateCommand();
        command.CommandText = "SELECT name || CASE WHEN \"notnull\" OR pk THEN '' ELSE ' NULL' END FROM pragma_table_info(@table) ORDER BY cid";
        command.Parameters.AddWithValue("@table", table);
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(rows.GetString(0));
        return found;
    }

    public static IReadOnlySet<string> Parameters(string name) =>
        Regex.Matches(TextOf(name), @"@(\w+)").Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>The names of the columns that come back; none where nothing does.</summary>
    public static IReadOnlyList<string> Columns(string name) =>
        Split(TextOf(name)).Select(Prepare).LastOrDefault(columns => columns.Count > 0) ?? [];

    private static string TextOf(string name) => Client.Names.Contains(name) ? Client[name] : Catalogue[name];

    private static IEnumerable<string> Split(string sql) =>
        Regex.Replace(sql, @"\bIN (@\w+)", "IN ($1)").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IReadOnlyList<string> Prepare(string sql)
    {
        var handle = Database.Value.Handle!;
        raw.sqlite3_prepare_v2(handle, sql, out var statement).Should().Be(raw.SQLITE_OK, "{0}: {1}", raw.sqlite3_errmsg(handle).utf8_to_string(), sql);
        using (statement)
            return Enumerable.Range(0, raw.sqlite3_column_count(statement)).Select(i => raw.sqlite3_column_name(statement, i).utf8_to_string()).ToArray();
    }

    private static SqliteConnection MakeSchema()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        foreach (var batch in Catalogue.Schema.SelectMany(script => script.Batches).Append(Catalogue["CreateSchemaVersions"]).Concat(Client.Names.Where(TSql.MakesATable).Append("CreateLocalMessageIndexes").Select(TextOf)))
        {
            using var command = connection.CreateCommand();
            command.CommandText = batch;
            command.ExecuteNonQuery();
        }

        return connection;
    }
}
