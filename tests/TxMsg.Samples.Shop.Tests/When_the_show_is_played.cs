using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;

namespace TxMsg.Samples.Shop.Tests;

/// <summary>The show is played once; its folder is kept, and copies of it are tampered with.</summary>
public sealed class When_the_show_is_played
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("txmsg-shop-test-");
    private ShopRun show = null!;

    [OneTimeSetUp]
    public async Task PlayAsync() => show = await ShopRun.OfAsync("--data", folder.FullName);

    [OneTimeTearDown]
    public void RemoveFolder() => folder.Delete(recursive: true);

    [Test]
    public void It_succeeds() => show.ExitCode.Should().Be(0, show.Error);

    // orders, stock, budget, points, the message's state, and what is told
    [TestCase("1. all goes well", 1, 1, 1, 1, "committed", "delivered to all three")]
    [TestCase("2. the local transaction fails", 0, 0, 0, 0, "rolledBack", "rolled back: nothing is delivered")]
    [TestCase("3. order service killed after its commit", 1, 1, 1, 1, "committed", "answered commit: delivered")]
    [TestCase("4. order service killed before its commit", 0, 0, 0, 0, "rolledBack", "answered rollback: nothing is delivered")]
    [TestCase("5. a consumer fails until a dead letter", 1, 1, 1, 1, "committed", "dead letter after 3 attempts, redelivered")]
    [TestCase("6. a consumer killed in the middle", 2, 2, 2, 2, "", "the inbox caught 1 duplicate")]
    public void Its_table_says_what_became_of_each_scene(string scene, int orders, int stock, int budget, int points, string message, string story)
    {
        var cells = new object[] { "ok", scene, orders, stock, budget, points, message }.Select(cell => @"\s*" + Regex.Escape($"{cell}") + @"\s*");
        show.Output.Should().MatchRegex($"│{string.Join('│', cells)}│[^│]*{Regex.Escape(story)}[^│]*│");
    }

    [Test]
    public void It_counts()
    {
        show.Output.Should().Contain("orders 5, stock 5, budget 5, points 5").And.Contain("differences: 0");
        show.Output.Should().MatchRegex(@"duplicates the inboxes caught: [1-9]\d* \(").And.MatchRegex("check-backs: [2-9]").And.Contain("dead letters that are left: 0");
    }

    [Test]
    public async Task A_second_look_finds_no_difference_either()
    {
        var run = await ShopRun.OfAsync("reconcile", "--data", folder.FullName);

        run.ExitCode.Should().Be(0);
        run.Output.Should().Contain("differences: 0");
    }

    [TestCase("stock", "DELETE FROM StockMoves WHERE rowid = 1", @"stock: order \S+ has 0 entries, not 1")]
    [TestCase("budget", "INSERT INTO BudgetEntries SELECT * FROM BudgetEntries WHERE rowid = 1", @"budget: order \S+ has 2 entries, not 1")]
    [TestCase("points", "UPDATE PointEntries SET Points = 26 WHERE rowid = 1", @"points: order \S+ has 26, not 25")]
    [TestCase("points", "INSERT INTO PointEntries VALUES ('no order', 'Eve', 0)", "points: there is no order no order")]
    public async Task A_planted_difference_is_found(string service, string tampering, string difference)
    {
        var copy = folder.CreateSubdirectory(Guid.NewGuid().ToString());
        foreach (var file in folder.EnumerateFiles("*.db*")) file.CopyTo(Path.Combine(copy.FullName, file.Name));
        var database = new SqliteConnectionStringBuilder { DataSource = Path.Combine(copy.FullName, service + ".db"), Pooling = false };
        await using (var connection = new SqliteConnection(database.ToString())) await connection.ExecuteAsync(tampering);

        var run = await ShopRun.OfAsync("reconcile", "--data", copy.FullName);

        run.ExitCode.Should().Be(1);
        run.Output.Should().MatchRegex("DIFFERENCE " + difference);
    }
}
