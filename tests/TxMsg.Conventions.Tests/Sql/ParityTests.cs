using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace TxMsg.Conventions.Tests.Sql;

/// <summary>Both databases have the same statements in the same files, which take and return the same.</summary>
public sealed class ParityTests
{
    // What only one of them needs, and why.
    private static readonly Dictionary<string, string> OneSided = new()
    {
        ["InitializeDatabase"] = "SQLite: the journal mode is the file's",
        ["CheckIntegrity"] = "SQLite: a server checks itself",
        ["BeginTransaction"] = "SQLite: its prepared statements; SqlClient begins transactions by the protocol",
        ["CommitTransaction"] = "SQLite: as above",
        ["RollbackTransaction"] = "SQLite: as above",
        ["HurryWriter"] = "SQL Server: only one process writes to SQLite",
        ["DescribeServer"] = "SQL Server: the embedded engine's version is the package's",
        ["TakeMigrationLock"] = "SQL Server: SQLite has one node",
        ["ConfigureMigration"] = "SQL Server: as above",
        ["ReleaseMigrationLock"] = "SQL Server: as above",
        ["RestoreLockTimeout"] = "SQL Server: a pooled connection keeps it; SQLite's wait is the command's",
        ["BeginFence"] = "SQLite: a fence that waits for nothing, which the provider's own transactions do",
        ["CommitFence"] = "SQLite: as above",
        ["AbandonFence"] = "SQLite: as above",
    };

    // Parameters that only one of them has: on SQLite how long to wait for a lock is the command's.
    private static readonly string[] OneSidedParameters = ["lock_wait_ms"];

    [Test]
    public void Files_AreTheSame() =>
        Files("sqlserver").Should().BeEquivalentTo(Files("sqlite"));

    [TestCaseSource(nameof(FileNames))]
    public void Statements_OfAFile_AreTheSameInTheSameOrder(string file) =>
        NamesIn("sqlserver", file).Should().Equal(NamesIn("sqlite", file));

    [Test]
    public void OneSided_AreThereAndOnlyOnce()
    {
        foreach (var name in OneSided.Keys)
            (TSql.Names.Contains(name) ^ SqliteStatements.Names.Contains(name)).Should().BeTrue("{0} is listed as one-sided", name);
    }

    [Test]
    public void SchemaScripts_AreTheSame() =>
        TSql.Catalogue.Schema.Select(script => script.Name).Should().Equal(SqliteStatements.Catalogue.Schema.Select(script => script.Name));

    [TestCaseSource(nameof(Common))]
    public void Statement_TakesTheSame(string name)
    {
        var sqlServer = TSql.Parameters(name);
        if (BatchStatements.All.SingleOrDefault(statement => statement.Name == name) is { } batch)
        {
            sqlServer.Should().Equal("rows");
            SqliteStatements.Parameters(name).Should().BeSubsetOf(batch.Columns.Select(column => column.Name));
        }
        else
        {
            sqlServer.Except(OneSidedParameters).Should().BeEquivalentTo(SqliteStatements.Parameters(name));
        }
    }

    [TestCaseSource(nameof(Common))]
    public void Statement_ReturnsTheSame(string name)
    {
        var sqlServer = TSql.Columns(name);
        var sqlite = SqliteStatements.Columns(name);
        sqlServer.Should().HaveSameCount(sqlite);
        // A column without a name is a single value, or read by its place.
        for (var i = 0; i < sqlite.Count; i++)
            if (sqlServer[i].Length > 0 && !sqlite[i].Contains('(') && !sqlite[i].StartsWith('@')) sqlServer[i].Should().BeEquivalentTo(sqlite[i]);
    }

    [TestCaseSource(nameof(TableMakers))]
    public void Table_OfTheSdk_HasTheSameColumns(string name)
    {
        var table = TSql.Find<CreateTableStatement>(TSql.Parse(TSql.TextOf(name))).Single();
        var sqlServer = table.Definition.ColumnDefinitions.Select(column =>
            column.ColumnIdentifier.Value + (column.Constraints.OfType<NullableConstraintDefinition>().Single().Nullable ? " NULL" : ""));
        sqlServer.Should().Equal(SqliteStatements.ColumnsOf(table.SchemaObjectName.BaseIdentifier.Value));
    }

    private static IEnumerable<string> TableMakers() => Common().Where(TSql.MakesATable);

    private static IEnumerable<string> Common() =>
        // UpgradeLocalMessageTable is of an earlier table, which is not there to prepare it on; the SDK's tests run it.
        TSql.Names.Intersect(SqliteStatements.Names).Where(name => name is not ("ConfigureConnection" or "UpgradeLocalMessageTable")).Order(StringComparer.Ordinal);

    private static IEnumerable<string> FileNames() => Files("sqlite");

    private static IEnumerable<string> Files(string folder) => FilesIn($"sql/{folder}").Concat(FilesIn($"sql/client/{folder}").Select(file => "client/" + file));

    private static IEnumerable<string> FilesIn(string path) =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, path), "*.sql").Select(Path.GetFileName).Order(StringComparer.Ordinal)!;

    private static IEnumerable<string> NamesIn(string folder, string file) =>
        File.ReadLines(Path.Combine(SourceTree.Root, "sql", Path.GetDirectoryName(file)!, folder, Path.GetFileName(file)))
            .Where(line => line.StartsWith("-- name: ", StringComparison.Ordinal))
            .Select(line => line["-- name: ".Length..].Trim())
            .Where(name => !OneSided.ContainsKey(name));
}
