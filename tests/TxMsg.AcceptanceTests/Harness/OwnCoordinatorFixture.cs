namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A coordinator for each test, which may kill it or read counts that other tests would change.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class OwnCoordinatorFixture(StoreKind kind) : CoordinatorTests(kind)
{
    [SetUp]
    public Task StartTheCoordinatorAsync() => StartAsync();

    [TearDown]
    public async Task StopTheCoordinatorAsync()
    {
        ShowTheLogOfAFailure();
        await StopAsync();
    }
}
