using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Local;

namespace TxMsg.Client.Tests.Local;

public sealed class HomeDatabaseTests
{
    private TestFolder folder = null!;

    [SetUp]
    public void MakeTheFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveTheFolder() => folder.Dispose();

    [TestCase("Data Source={0}/a.db", "Data Source={0}/a.db;Default Timeout=1;Pooling=False")]
    [TestCase("Data Source={0}/a.db", "Filename={0}/x/../a.db")]
    [TestCase("Data Source={0}/a.db", "DataSource=file:{0}/a.db?cache=shared")]
    [TestCase("Data Source={0}/with space.db", "Data Source=file://localhost{0}/with%20space.db")]
    [TestCase("Data Source=:memory:", "Data Source=:memory:;Foreign Keys=True")]
    [TestCase("Data Source=shared;Mode=Memory;Cache=Shared", "Data Source=file:shared?mode=memory&cache=shared")]
    [TestCase("Data Source={0}/a.db", "Data Source={0}/link/a.db")]
    [TestCase("Data Source={0}/a.db", "Data Source={0}/link.db")]
    public void FileOfSqlite_IsTheSameHoweverItIsWritten(string home, string given)
    {
        File.WriteAllText(folder.File("a.db"), "");
        Directory.CreateSymbolicLink(folder.File("link"), folder.Path);
        File.CreateSymbolicLink(folder.File("link.db"), "a.db");

        Check(Sqlite(home), Sqlite(given)).Should().NotThrow();
    }

    [TestCase("Data Source={0}/a.db", "Data Source={0}/b.db")]
    [TestCase("Data Source={0}/a.db", "Data Source=:memory:")]
    [TestCase("Data Source=a;Mode=Memory;Cache=Shared", "Data Source=b;Mode=Memory;Cache=Shared")]
    public void AnotherFileOfSqlite_IsRefusedAndBothAreNamed(string home, string given)
    {
        var names = new[] { home, given }.Select(text => Sqlite(text).DataSource);

        Check(Sqlite(home), Sqlite(given)).Should().Throw<ArgumentException>().WithParameterName("connection").Which.Message.Should().ContainAll(names).And.ContainAll("the option", "It matters.");
    }

    [Test]
    public void OpenConnection_IsToldByItsFileToo()
    {
        var home = Sqlite("Data Source={0}/a.db;Pooling=False");
        using var open = Sqlite("Data Source={0}/a.db;Pooling=False");
        open.Open();

        Check(home, open).Should().NotThrow();
        Check(Sqlite("Data Source={0}/b.db"), open).Should().Throw<ArgumentException>();
    }

    [TestCase("Server=a;Database=shop", "Server=tcp:a.example,1433;Database=SHOP", true)]
    [TestCase("Server=a;Database=shop", "Server=a", true)]
    [TestCase("Server=a;Database=shop", "Server=a;Database=audit", false)]
    public void DatabaseOfSqlServer_IsToldByItsNameAlone(string home, string given, bool isSame)
    {
        var check = Check(new SqlConnection(home), new SqlConnection(given));

        if (isSame) check.Should().NotThrow();
        else check.Should().Throw<ArgumentException>().WithMessage("*'audit'*'shop'*");
    }

    [Test]
    public void DatabaseOfTheOtherProvider_IsRefused() =>
        Check(Sqlite("Data Source=shop"), new SqlConnection("Server=a;Database=shop")).Should().Throw<ArgumentException>();

    [Test]
    public void Home_IsAskedForOnceAndOnlyWhereThereIsOne()
    {
        var asked = 0;
        var home = new HomeDatabase(
            () =>
            {
                asked++;
                return Sqlite("Data Source=:memory:");
            },
            "the option");

        for (var i = 0; i < 3; i++) home.Require(Sqlite("Data Source=:memory:"), "It matters.", "connection");

        asked.Should().Be(1);
        new HomeDatabase(null, "the option").Invoking(none => none.Require(Sqlite("Data Source=x"), "It matters.", "connection")).Should().NotThrow();
    }

    private static Action Check(DbConnection home, DbConnection given) => () => new HomeDatabase(() => home, "the option").Require(given, "It matters.", "connection");

    private SqliteConnection Sqlite(string text) => new(text.Replace("{0}", folder.Path, StringComparison.Ordinal));
}
