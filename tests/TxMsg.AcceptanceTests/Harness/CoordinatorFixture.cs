namespace TxMsg.AcceptanceTests.Harness;

/// <summary>One coordinator for all tests of the fixture, which keep apart by names of their own.</summary>
public abstract class CoordinatorFixture(StoreKind kind) : CoordinatorTests(kind)
{
    [OneTimeSetUp]
    public Task StartTheCoordinatorAsync() => StartAsync();

    [OneTimeTearDown]
    public Task StopTheCoordinatorAsync() => StopAsync();

    [TearDown]
    public void ExplainAFailure() => ShowTheLogOfAFailure();
}
