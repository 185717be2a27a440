using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Testing.Tests.Contract;

/// <summary>Which coordinator a contract test runs against.</summary>
public enum CoordinatorKind
{
    /// <summary>The one in memory.</summary>
    InMemory,

    /// <summary>The real one as a process, by way of the SDK's client.</summary>
    Real,
}

/// <summary>What holds for the real coordinator holds for the one in memory. A test has producers and topics of its own, as the process is shared.</summary>
[TestFixture(CoordinatorKind.InMemory)]
[TestFixture(CoordinatorKind.Real)]
public abstract class ContractFixture(CoordinatorKind kind)
{
    private protected const string Url = "http://127.0.0.1:9/nobody";

    private AcceptanceTests.Harness.Coordinator? process;
    private CoordinatorClient? client;

    private protected ICoordinatorClient Coordinator { get; private set; } = null!;

    private protected string Producer { get; private set; } = "";

    private protected string Topic { get; private set; } = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (kind == CoordinatorKind.InMemory)
        {
            Coordinator = new InMemoryCoordinator();
            return;
        }

        process = await AcceptanceTests.Harness.Coordinator.StartAsync(Settings.None);
        client = new CoordinatorClient(new CoordinatorOptions { Addresses = [process.Address] }, TimeProvider.System);
        Coordinator = client;
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        client?.Dispose();
        if (process is not null) await process.DisposeAsync();
    }

    [SetUp]
    public async Task RegisterAsync()
    {
        Producer = "producer-" + Guid.NewGuid().ToString("N");
        Topic = "topic-" + Guid.NewGuid().ToString("N");
        await Coordinator.RegisterProducerAsync(Producer, new ProducerRequest { CheckBackUrl = Url });
    }

    private protected Message NewMessage(string text = "a") => new(Topic, System.Text.Encoding.UTF8.GetBytes(text));

    private protected static async Task<CoordinatorRefusedException> RefusalOfAsync(Func<Task> call) =>
        (await call.Should().ThrowAsync<CoordinatorRefusedException>()).Which;
}
