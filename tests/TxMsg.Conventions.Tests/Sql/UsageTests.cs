using System.Text.RegularExpressions;

namespace TxMsg.Conventions.Tests.Sql;

/// <summary>SQL stands in sql/, and what stands there is used.</summary>
public sealed partial class UsageTests
{
    private static readonly string Code = string.Join('\n', SourceTree.CSharp("src").Select(file => file.Text));

    [Test]
    public void Code_HasNoSqlOfItsOwn()
    {
        // A sample's services are its reader's own, who writes SQL where it is used.
        foreach (var file in SourceTree.CSharp("src").Where(file => !file.Path.StartsWith("src/TxMsg.Samples.", StringComparison.Ordinal)))
            file.Lines.Where(line => SqlInALiteral().IsMatch(line)).Should().BeEmpty("{0} must name a statement of sql/ instead", file);
    }

    [TestCaseSource(nameof(NamesInCode))]
    public void Statement_NamedInCode_IsInACatalogue(string name) =>
        TSql.Names.Union(SqliteStatements.Names).Should().Contain(name);

    [TestCaseSource(nameof(AllNames))]
    public void Statement_InACatalogue_IsUsed(string name) =>
        Code.Contains($"\"{name}\"", StringComparison.Ordinal).Should().BeTrue("a statement that nobody runs is not kept");

    private static IEnumerable<string> NamesInCode() =>
        CallWithAName().Matches(Code).Select(match => match.Groups["name"].Value)
            .Concat(BatchStatements.All.Select(statement => statement.Name))
            .Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> AllNames() => TSql.Names.Union(SqliteStatements.Names).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"(?:\b(?:QueryAsync|QuerySingleAsync|QuerySingleOrDefaultAsync|ExecuteAsync|ChangeAsync)(?:<[^()]*>)?\(|\bReadInt64\(|\bSql\[)\s*(?:[\w\s.]+\?\s*)?""(?<name>\w+)""")]
    private static partial Regex CallWithAName();

    [GeneratedRegex(@"""[^""]*\b(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+TABLE\s|ALTER\s+TABLE\s|PRAGMA\s)", RegexOptions.None)]
    private static partial Regex SqlInALiteral();
}
