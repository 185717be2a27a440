namespace TxMsg.AcceptanceTests.Startup;

/// <summary>Stands for all SQL Server runs of the other fixtures: they exist only when this one is not skipped.</summary>
public sealed class When_SQL_Server_is_configured
{
    [Test]
    public async Task TheSuite_RunsOnItToo()
    {
        if (ServerDatabase.Server is null)
        {
            Assert.Ignore(TestStores.NotConfigured);
        }

        await using var store = await SqlServerTestStore.CreateAsync();
        await using var coordinator = await Coordinator.StartAsync(Settings.ForTests.With(store.Settings));

        coordinator.Log.Should().Contain("SqlServer");
        TestStores.Configured.Should().Contain(StoreKind.SqlServer);
    }
}
