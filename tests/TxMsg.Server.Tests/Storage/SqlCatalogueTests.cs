using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Tests.Storage;

public sealed class SqlCatalogueTests
{
    [Test]
    public void Load_OfAFolder_FindsItsStatementsWithoutComments()
    {
        var catalogue = SqlCatalogue.Load("sqlite");

        catalogue["CommitTransaction"].Should().Be("COMMIT;");
        catalogue["ListClaimedDeliveries"].Should().StartWith("SELECT").And.EndWith(";").And.NotContain("--");
        foreach (var name in catalogue.Names) catalogue[name].Should().NotBeNullOrWhiteSpace();
    }

    [Test]
    public void Load_OfBothFolders_FindsTheSameNames() =>
        SqlCatalogue.Load("sqlite").Names.Intersect(SqlCatalogue.Load("sqlserver").Names).Should().Contain(["InsertMessages", "DecideMessages", "ClaimDueDeliveries"]);

    [Test]
    public void Indexer_OfAnUnknownName_NamesItAndItsFolder() =>
        FluentActions.Invoking(() => SqlCatalogue.Load("sqlite")["NoSuchStatement"]).Should().Throw<KeyNotFoundException>().WithMessage("*sqlite*NoSuchStatement*");

    [Test]
    public void Schema_OfAFolder_IsInTheOrderOfItsNumbers()
    {
        foreach (var folder in (string[])["sqlite", "sqlserver"])
            SqlCatalogue.Load(folder).Schema.Select(script => script.Version).Should().NotBeEmpty().And.OnlyHaveUniqueItems().And.BeInAscendingOrder();
    }

    [TestCase("A;\nGO\nB;\n", "A;", "B;")]
    [TestCase("A;\n go \nB;", "A;", "B;")]
    [TestCase("GO\n\nGO\nA;\nGOGO;\nGO", "A;\nGOGO;")]
    [TestCase("A;\r\nGO\r\nB;", "A;", "B;")]
    public void Batches_OfAScript_EndAtGo(string sql, params string[] batches) =>
        new SchemaScript(1, "s", sql).Batches.Should().Equal(batches);

    [Test]
    public void Parse_OfAFileName_TakesItsNumber() =>
        SchemaScript.Parse("0012_more_of_it.sql", "").Should().BeEquivalentTo(new { Version = 12, Name = "0012_more_of_it" });
}
