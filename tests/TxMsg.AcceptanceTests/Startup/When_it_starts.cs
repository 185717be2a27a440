namespace TxMsg.AcceptanceTests.Startup;

public sealed class When_it_starts(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public void TheOperator_IsToldWhereItIsAndWhatItUses()
    {
        Coordinator.Log.Should().Contain(Coordinator.Address.GetLeftPart(UriPartial.Authority));
        Coordinator.Log.Should().ContainEquivalentOf(Kind.ToString());
        Coordinator.Log.Should().Contain("Loopback");
        Coordinator.Log.Should().Contain("/hangfire");
    }

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
}
