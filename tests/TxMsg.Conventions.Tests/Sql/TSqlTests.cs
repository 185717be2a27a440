using Microsoft.SqlServer.TransactSql.ScriptDom;
using TxMsg.Client.Local;

namespace TxMsg.Conventions.Tests.Sql;

/// <summary>What statements for SQL Server may be made of: sql/README.md gives the reasons.</summary>
public sealed class TSqlTests
{
    // Where a row that is passed over is only looked at later: claims, sweeps, the purge.
    private static readonly string[] MayReadPast =
    [
        "Claim", "ReleaseExpired", "FindPurgeable", "FindExpired", "FindDeliveriesOfDeleted", "DeleteLanesOfDeleted",
        "ListSubscriptionsWithDue", "CountExpired", "ListProducersWithOverdue", "FindNextCheckBack", "HasUnanswered", "ParkUnanswered",
        // The SDK's: the same, and what works on the rows of its own claim, which nobody else locks.
        "DeleteOld", "DeleteFinished", "FindClaimable", "AdoptLocalMessages", "ListClaimed", "ReleaseLocalMessagesAfter", "MarkLocalMessagesSent", "ReadLocalMessageStats",
    ];

    // The number of rows says what was done.
    private static readonly string[] Counted = ["Adopt", "Claim", "Refuse", "Retry", "Discard", "Delete"];

    [TestCaseSource(typeof(TSql), nameof(TSql.Names))]
    public void Statement_IsOneBatchOfSqlServer2017(string name)
    {
        TSql.Statements(name).Should().NotBeEmpty();
        TSql.TextOf(name).Should().EndWith(";");
    }

    [Test]
    public void SchemaScripts_AreTSqlOfSqlServer2017()
    {
        foreach (var batch in TSql.Catalogue.Schema.SelectMany(script => script.Batches)) TSql.Parse(batch);
    }

    [TestCaseSource(typeof(TSql), nameof(TSql.Names))]
    public void Statement_UsesNothingThatIsBanned(string name)
    {
        var script = TSql.Parse(TSql.TextOf(name));
        TSql.Find<MergeStatement>(script).Should().BeEmpty("MERGE has races and bugs of its own");
        TSql.Find<WithCtesAndXmlNamespaces>(script).Should().BeEmpty("an updatable CTE is not portable");
        TSql.Find<SelectStarExpression>(script).Should().BeEmpty("a later column would change what comes back");
        TSql.Find<CursorStatement>(script).Should().BeEmpty();
        TSql.Find<WaitForStatement>(script).Should().BeEmpty();
        TSql.Find<TruncateTableStatement>(script).Should().BeEmpty();
        TSql.Find<ExecutableStringList>(script).Should().BeEmpty("text is not executed");
        TSql.Find<BeginTransactionStatement>(script).Should().BeEmpty("transactions are the provider's");
    }

    [TestCaseSource(typeof(TSql), nameof(TSql.Names))]
    public void Statement_NamesTablesWithTheirSchema(string name)
    {
        foreach (var table in TSql.Find<NamedTableReference>(TSql.Parse(TSql.TextOf(name))))
            table.SchemaObject.SchemaIdentifier?.Value.Should().BeOneOf(["dbo", "sys"], "{0} must not depend on the login's default schema", table.SchemaObject.BaseIdentifier.Value);
    }

    [TestCaseSource(typeof(TSql), nameof(TSql.Names))]
    public void Hints_AreOnlyThoseThatLoseNothing(string name)
    {
        var hints = TSql.Find<TableHint>(TSql.Parse(TSql.TextOf(name))).Select(hint => hint.HintKind).ToArray();
        hints.Should().BeSubsetOf(
            [
                TableHintKind.Rowlock, TableHintKind.UpdLock, TableHintKind.HoldLock, TableHintKind.ReadPast, TableHintKind.ReadCommittedLock, TableHintKind.ForceSeek, TableHintKind.Index,
                TableHintKind.ReadUncommitted,
            ]);
        if (hints.Contains(TableHintKind.ReadUncommitted)) name.Should().EndWith("ListClaimedLocalMessagesThatOvertake", "what it sees and is rolled back breaks no order");
        // The SDK's tables are under its users' own settings.
        if (TSql.Catalogue.Names.Contains(name))
            hints.Count(hint => hint == TableHintKind.ReadCommittedLock).Should().BeGreaterThanOrEqualTo(hints.Count(hint => hint == TableHintKind.ReadPast), "READPAST reads no row versions");
        if (hints.Contains(TableHintKind.ReadPast)) MayReadPast.Should().Contain(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
    }

    [TestCaseSource(typeof(TSql), nameof(TSql.Names))]
    public void Change_NamesItsTargetOnce(string name)
    {
        foreach (var change in TSql.Find<UpdateDeleteSpecificationBase>(TSql.Parse(TSql.TextOf(name))))
        {
            var target = (NamedTableReference)change.Target;
            target.Alias.Should().BeNull();
            target.SchemaObject.SchemaIdentifier.Should().NotBeNull("an alias of FROM is no target: not with OUTPUT, not everywhere");
            if (change.FromClause is null) continue;
            var inFrom = change.FromClause.TableReferences.SelectMany(TSql.Find<NamedTableReference>)
                .Where(table => table.SchemaObject.BaseIdentifier.Value == target.SchemaObject.BaseIdentifier.Value).ToArray();
            if (inFrom.Length == 0) continue;
            inFrom.Should().ContainSingle().Which.Should().BeSameAs(change.FromClause.TableReferences[^1], "in a join it would be a second table on some servers");
            inFrom[0].Alias.Should().BeNull("under another name it is another table");
            target.TableHints.Should().BeEmpty("hints stand in the FROM then");
        }
    }

    [TestCaseSource(nameof(CountedStatements))]
    public void CountedStatement_OfTheSdk_IsCountedWhateverTheServersDefaultIs(string name)
    {
        var first = TSql.Statements(name)[0].Should().BeOfType<PredicateSetStatement>("with NOCOUNT ON the count would be -1").Subject;
        (first.Options, first.IsOn).Should().Be((SetOptions.NoCount, false));
        TSql.Parameters(name).Should().NotBeEmpty("what a batch without parameters sets stays with its caller's connection");
    }

    [TestCaseSource(nameof(SetStatements))]
    public void SetStatement_IsPlannedByLoops(string name)
    {
        var statements = TSql.Statements(name).Where(statement => TSql.Find<VariableTableReference>(statement).Any() && TSql.Find<NamedTableReference>(statement).Count() > 1
            || statement is UpdateStatement { UpdateSpecification.FromClause: not null } or DeleteStatement { DeleteSpecification.FromClause: not null });
        foreach (var statement in statements.OfType<StatementWithCtesAndXmlNamespaces>())
        {
            if (name is "AddToCounter") continue; // A table of a few rows.
            statement.OptimizerHints.Should().Contain(
                hint => hint.HintKind == OptimizerHintKind.LoopJoin, "a plan made while the table was small must not scan it when it is large");
            if (!TSql.Find<ForceSeekTableHint>(statement).Any()) continue;
            statement.OptimizerHints.Should().Contain(hint => hint.HintKind == OptimizerHintKind.ForceOrder, "the set comes first, then its rows");
        }
    }

    // The coordinator's connections are its own, and configured when they are opened.
    private static IEnumerable<string> CountedStatements() =>
        LocalSql.Of(SqlDialect.SqlServer).Names.Where(name => Counted.Any(verb => name.StartsWith(verb, StringComparison.Ordinal))).Order(StringComparer.Ordinal);

    private static IEnumerable<string> SetStatements() => BatchStatements.All.Select(statement => statement.Name).Distinct();
}
