using Microsoft.SqlServer.TransactSql.ScriptDom;
using TxMsg.Client.Local;
using TxMsg.Server.Storage;

namespace TxMsg.Conventions.Tests.Sql;

/// <summary>The statements for SQL Server, parsed as SQL Server 2017 does.</summary>
internal static class TSql
{
    private static readonly LocalSql Client = LocalSql.Of(SqlDialect.SqlServer);

    public static SqlCatalogue Catalogue { get; } = SqlCatalogue.Load("sqlserver");

    /// <summary>The coordinator's statements, and those of the SDK.</summary>
    public static IEnumerable<string> Names => Catalogue.Names.Concat(Client.Names).Order(StringComparer.Ordinal);

    public static string TextOf(string name) => Client.Names.Contains(name) ? Client[name] : Catalogue[name];

    /// <summary>Whether a statement makes a table of the SDK, if it is missing.</summary>
    public static bool MakesATable(string name) => name.StartsWith("Create", StringComparison.Ordinal) && name.EndsWith("Table", StringComparison.Ordinal);

    public static TSqlScript Parse(string sql)
    {
        // A list parameter is expanded to (@x1, @x2, ...) before the text is sent.
        var expanded = System.Text.RegularExpressions.Regex.Replace(sql, @"\bIN (@\w+)", "IN ($1)");
        var script = new TSql140Parser(initialQuotedIdentifiers: true).Parse(new StringReader(expanded), out var errors);
        errors.Select(error => $"line {error.Line}: {error.Message}").Should().BeEmpty("this is T-SQL of SQL Server 2017: {0}", sql);
        return (TSqlScript)script;
    }

    public static IReadOnlyList<TSqlStatement> Statements(string name) => Parse(TextOf(name)).Batches.Single().Statements.ToArray();

    /// <summary>What the caller must give.</summary>
    public static IReadOnlySet<string> Parameters(string name)
    {
        var found = new VariableVisitor();
        Parse(TextOf(name)).Accept(found);
        return found.Used.Except(found.Declared, StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The names of the columns that come back; none where nothing does.</summary>
    public static IReadOnlyList<string> Columns(string name) => Statements(name).Select(Columns).LastOrDefault(columns => columns.Count > 0) ?? [];

    public static IEnumerable<T> Find<T>(TSqlFragment fragment)
        where T : TSqlFragment
    {
        var visitor = new FragmentVisitor<T>();
        fragment.Accept(visitor);
        return visitor.Found;
    }

    private static IReadOnlyList<string> Columns(TSqlStatement statement) => statement switch
    {
        SelectStatement { QueryExpression: QuerySpecification query } => query.SelectElements.OfType<SelectScalarExpression>().Select(NameOf).ToArray(),
        InsertStatement { InsertSpecification.OutputClause: { } output } => output.SelectColumns.OfType<SelectScalarExpression>().Select(NameOf).ToArray(),
        UpdateStatement { UpdateSpecification.OutputClause: { } output } => output.SelectColumns.OfType<SelectScalarExpression>().Select(NameOf).ToArray(),
        DeleteStatement { DeleteSpecification.OutputClause: { } output } => output.SelectColumns.OfType<SelectScalarExpression>().Select(NameOf).ToArray(),
        _ => [],
    };

    private static string NameOf(SelectScalarExpression element) =>
        element.ColumnName?.Value ?? (element.Expression as ColumnReferenceExpression)?.MultiPartIdentifier.Identifiers[^1].Value ?? "";

    private sealed class VariableVisitor : TSqlFragmentVisitor
    {
        public List<string> Used { get; } = [];

        public List<string> Declared { get; } = [];

        public override void Visit(VariableReference node) => Used.Add(node.Name[1..]);

        public override void Visit(VariableTableReference node) => Used.Add(node.Variable.Name[1..]);

        public override void Visit(DeclareVariableElement node) => Declared.Add(node.VariableName.Value[1..]);

        // The names of a procedure's parameters are not variables of ours.
        public override void Visit(ExecuteParameter node)
        {
            if (node.Variable is not null) Declared.Add(node.Variable.Name[1..]);
        }
    }

    private sealed class FragmentVisitor<T> : TSqlFragmentVisitor
        where T : TSqlFragment
    {
        public List<T> Found { get; } = [];

        public override void Visit(TSqlFragment fragment)
        {
            if (fragment is T wanted) Found.Add(wanted);
        }
    }
}
