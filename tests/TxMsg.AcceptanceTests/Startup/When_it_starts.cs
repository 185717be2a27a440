namespace TxMsg.AcceptanceTests.Startup;

public sealed class When_it_starts(StoreKind store) : CoordinatorFixture(store)
{
    private const string SchedBatch = "3";

    [Test]
    public void TheOperator_IsToldWhereItIsAndWhatItUses()
    {
        Coordinator.Log.Should().Contain(Coordinator.Address.GetLeftPart(UriPartial.Authority));
        Coordinator.Log.Should().ContainEquivalentOf(Kind.ToString());
        Coordinator.Log.Should().Contain("Loopback");
        Coordinator.Log.Should().Contain("/hangfire");
    }

    [Test]
    [Platform("Linux")]
    public Task TheThreadsThatWaitForSockets_DoNotInterruptThoseThatWork() => Eventually.HoldsAsync(() =>
    {
        var policies = Directory.GetDirectories($"/proc/{Coordinator.ProcessId}/task")
            .Where(thread => Read(thread, "comm").Trim() == ".NET Sockets")
            .Select(thread => PolicyOf(Read(thread, "stat")));

        policies.Should().NotBeEmpty().And.OnlyContain(policy => policy == SchedBatch);
    });

    [Test]
    public async Task ConfigurationOnTheCommandLine_Counts()
    {
        using var folder = new TestFolder();
        var port = FreePort.Find();
        using var server = ServerProcess.Start(
            folder.Path, Settings.None, "--Urls", $"http://127.0.0.1:{port}", "--TxMsg:Store:ConnectionString", "Data Source=elsewhere.db");

        await Eventually.HoldsAsync(() => server.Log.Should().Contain($"http://127.0.0.1:{port}"));
        await Eventually.HoldsAsync(() => File.Exists(folder.File("elsewhere.db")).Should().BeTrue());
    }

    // Nothing of a thread that has ended meanwhile.
    private static string Read(string thread, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, file));
        }
        catch (IOException)
        {
            return "";
        }
    }

    // Field 41 of proc(5); the second one is a name in parentheses, which may hold spaces.
    private static string PolicyOf(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[41 - 3];
}
