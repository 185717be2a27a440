using Microsoft.Extensions.Logging.Abstractions;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>A producer with a shop's real database, for fixtures to derive from; the coordinator is in memory.</summary>
public abstract class ProducerFixture
{
    private protected ShopDatabase Shop { get; private set; } = null!;

    private protected RecordingCoordinator Coordinator { get; private set; } = null!;

    private protected TransactionalProducer Producer { get; private set; } = null!;

    [SetUp]
    public async Task MakeTheProducerAsync()
    {
        Shop = await ShopDatabase.CreateAsync();
        Coordinator = new RecordingCoordinator();
        Producer = new TransactionalProducer(
            Coordinator, Shop.Barrier, new ProducerOptions { Name = "shop", Connect = Shop.Connect }, TimeProvider.System, NullLogger<TransactionalProducer>.Instance);
    }

    [TearDown]
    public void RemoveTheDatabase() => Shop.Dispose();
}
