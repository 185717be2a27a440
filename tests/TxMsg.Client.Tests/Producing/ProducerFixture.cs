using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>A producer with a shop's real database, for fixtures to derive from; the coordinator is in memory.</summary>
public abstract class ProducerFixture
{
    private protected ShopDatabase Shop { get; private set; } = null!;

    private protected RecordingCoordinator Coordinator { get; private set; } = null!;

    private protected KeptLog Log { get; private set; } = null!;

    private protected TransactionalProducer Producer { get; private set; } = null!;

    [SetUp]
    public async Task MakeTheProducerAsync()
    {
        Shop = await ShopDatabase.CreateAsync();
        Coordinator = new RecordingCoordinator();
        Log = new KeptLog();
        Producer = new TransactionalProducer(
            Coordinator, Shop.Barrier, new ProducerOptions { Name = "shop", Connect = Shop.Connect }, TimeProvider.System, Log);
    }

    [TearDown]
    public void RemoveTheDatabase() => Shop.Dispose();

    /// <summary>What a producer tells its operators.</summary>
    private protected sealed class KeptLog : ILogger<TransactionalProducer>
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Entries { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Enqueue((logLevel, formatter(state, exception)));
    }
}
